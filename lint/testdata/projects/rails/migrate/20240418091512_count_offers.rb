class CountOffers < ActiveRecord::Migration[7.1]
  def up
    execute File.read(Rails.root.join("db/functions/count_offers.sql"))
  end

  def down
    execute "DROP FUNCTION count_offers() CASCADE"
  end
end
