class CreateOffers < ActiveRecord::Migration[7.1]
  def change
    create_enum :offer_state, %w[draft open sold]
    create_table :offers do |t|
      t.references :seller, null: false, foreign_key: true
      t.string :title, null: false
      t.integer :price_cents, null: false, default: 0
      t.enum :state, enum_type: :offer_state, null: false, default: "draft"
      t.string :tags, array: true, default: []
      t.timestamps
    end
  end
end
