using Tarn.Synthetic.Chance;
using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Sales;

/// <summary>The words of the sales data. A category has 32 products: each of eight things in four kinds.</summary>
internal static class SalesVocabulary
{
    public const int ProductsPerCategory = 32;

    public static MisspeltTerm[] Regions { get; } = MisspeltTerm.Many("North", "South", "East", "West", "Central");

    public static Term[][] Countries { get; } =
    [
        Term.Many("SE", "NO", "DK", "FI"), Term.Many("ES", "IT", "PT", "GR"), Term.Many("PL", "CZ", "RO", "HU"),
        Term.Many("FR", "GB", "NL", "BE"), Term.Many("DE", "AT", "CH", "LU"),
    ];

    public static Term[] Channels { get; } = Term.Many("web", "mobile app", "store", "marketplace", "phone");

    public static Term[] Payments { get; } = Term.Many("card", "wallet", "invoice", "cash");

    public static Term[] Tiers { get; } = Term.Many("bronze", "silver", "gold", "platinum");

    public static Term Completed { get; } = "completed";

    public static Term Returned { get; } = "returned";

    public static Term Cancelled { get; } = "cancelled";

    public static Category[] Categories { get; } =
    [
        new("Electronics", 3900, 72000, 7, "Headphones|Speaker|Keyboard|Monitor|Tablet|Camera|Charger|Router", "Compact|Classic|Pro|Eco"),
        new("Clothing", 1490, 14900, 16, "Shirt|Jacket|Jeans|Sweater|Dress|Coat|Scarf|Socks", "Cotton|Wool|Linen|Outdoor"),
        new("Home & Garden", 990, 32000, 5, "Desk Lamp, LED|Café Table|Vase|Rug|Watering Can|Lounger|Planter|Parasol", "Oak|Steel|Terracotta|White"),
        new("Sports", 1290, 45000, 8, "Yoga Mat|Dumbbell|Tent|Running Shoes|Helmet|Backpack|Racket|Skis", "Junior|Light|Trail|Expert"),
        new("Toys", 690, 9900, 6, "Puzzle|Train Set|Doll|Building Blocks|Board Game|Kite|Robot|Plush Bear", "Mini|Family|Wooden|Deluxe"),
        new("Books", 790, 4900, 3, "Atlas|Cookbook|Novel|Biography|Dictionary|Travel Guide|Comic|Poems", "Paperback|Hardcover|Pocket|Illustrated"),
        new("Beauty", 490, 7900, 4, "Soap|Perfume|Shampoo|Lipstick|Hand Cream|Sunscreen|Hair Brush|Candle", "Rose|Citrus|Sensitive|Sea Salt"),
        new("Groceries", 190, 2900, 1, "Coffee|Tea|Olive Oil|Chocolate|Honey|Pasta|Almonds|Spice Box", "Organic|Fair|Family Pack|Selected"),
    ];

    // Which of 256 throws leads to which category, month by month: loungers are sold in May, toys in December.
    public static byte[][] CategoriesByMonth { get; } =
    [
        Season(40, 44, 12, 34, 14, 34, 28, 50), Season(38, 44, 14, 34, 14, 34, 30, 48), Season(36, 46, 28, 32, 14, 28, 26, 46),
        Season(34, 44, 42, 32, 14, 24, 24, 42), Season(32, 40, 52, 34, 14, 22, 24, 38), Season(32, 40, 46, 36, 14, 24, 28, 36),
        Season(32, 38, 40, 36, 16, 30, 32, 32), Season(36, 44, 32, 34, 16, 34, 26, 34), Season(40, 50, 22, 32, 16, 32, 24, 40),
        Season(42, 52, 16, 28, 22, 30, 24, 42), Season(58, 44, 10, 26, 38, 26, 22, 32), Season(50, 36, 8, 24, 56, 30, 22, 30),
    ];

    private static byte[] Season(params ReadOnlySpan<int> shares)
    {
        var table = new List<byte>(256);
        for (var category = 0; category < shares.Length; category++)
        {
            table.AddRange(Enumerable.Repeat((byte)category, shares[category]));
        }
        return table.Count == 256 ? [.. table] : throw new ArgumentException($"the shares of a month add up to {table.Count} instead of 256");
    }

    /// <summary>A category with its products.</summary>
    internal sealed class Category(string name, int lowestCents, int highestCents, int returnsPerCent, string things, string kinds)
    {
        public MisspeltTerm Name { get; } = new(name);

        /// <summary>How many of a hundred sales come back.</summary>
        public int ReturnsPerCent => returnsPerCent;

        public Term[] Products { get; } = [.. from thing in things.Split('|') from kind in kinds.Split('|') select new Term($"{thing} {kind}")];

        /// <summary>List prices in cents; they end in 9.</summary>
        public int[] Prices { get; } =
        [
            .. Enumerable.Range(0, ProductsPerCategory).Select(p =>
            {
                var dice = Dice.Of((ulong)lowestCents, Dice.Stream.Product, p);
                // The lower of two throws: there are more cheap things than dear ones.
                return (lowestCents + Math.Min(dice.Below(highestCents - lowestCents), dice.Below(highestCents - lowestCents))) / 10 * 10 + 9;
            }),
        ];
    }
}
