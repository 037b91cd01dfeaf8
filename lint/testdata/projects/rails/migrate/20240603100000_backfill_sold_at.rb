class BackfillSoldAt < ActiveRecord::Migration[7.1]
  disable_ddl_transaction!

  def up
    Offer.unscoped.where(state: "sold", sold_at: nil).in_batches do |batch|
      batch.update_all("sold_at = updated_at")
      sleep 0.05
    end
  end
end
