class CreateSellers < ActiveRecord::Migration[7.1]
  def change
    enable_extension "citext"
    create_table :sellers do |t|
      t.citext :email, null: false, index: { unique: true }
      t.integer :offers_count, null: false, default: 0
      t.timestamps
    end
  end
end
