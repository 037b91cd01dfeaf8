class BackfillDueOn < ActiveRecord::Migration[7.1]
  disable_ddl_transaction!

  def up
    Invoice.in_batches { |b| b.update_all("due_on = created_at") }
  end
end
