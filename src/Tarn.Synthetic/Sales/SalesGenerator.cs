using System.Collections.Frozen;
using Tarn.Synthetic.Chance;
using Tarn.Synthetic.Rows;
using static Tarn.Synthetic.Sales.SalesVocabulary;

namespace Tarn.Synthetic.Sales;

/// <summary>Order lines of a shop, in order of time. A returned line has a negative quantity and amount.</summary>
internal sealed class SalesGenerator(long rows, ulong seed, double dirtyFraction, bool lateDay) : RowGenerator(seed, dirtyFraction)
{
    /// <summary>The year of the sales; the late day is the first of the next one.</summary>
    public const int Year = 2025;

    // 2^16 - 2^4 customers: the sixteen best buy half a per cent each.
    private const int CustomerBits = 16;
    private const int EqualCustomers = 4;

    private static readonly DatasetColumn[] s_columns =
    [
        new("order_id", "BIGINT", "the order, numbered through the year"),
        new("line_number", "INTEGER", "the line in the order, from 1"),
        new("order_date", "DATE", "the day of the order"),
        new("customer_id", "BIGINT", "the customer"),
        new("region", "VARCHAR", "the sales region of the customer"),
        new("country", "VARCHAR", "the country of the customer, ISO 3166"),
        new("channel", "VARCHAR", "where the order came in"),
        new("category", "VARCHAR", "the category of the product"),
        new("sku", "VARCHAR", "the number of the product, six digits, zeros in front"),
        new("product", "VARCHAR", "the name of the product"),
        new("quantity", "INTEGER", "pieces; negative for a return"),
        new("unit_price", "DECIMAL(10,2)", "price of one piece before the discount"),
        new("discount", "DECIMAL(4,2)", "part of the price that was let off, 0 to 1"),
        new("amount", "DECIMAL(12,2)", "quantity x unit price x (1 - discount), rounded half away from zero"),
        new("payment", "VARCHAR", "how it was paid"),
        new("status", "VARCHAR", "completed, returned or cancelled"),
    ];

    private static readonly DatasetColumn s_tier = new("loyalty_tier", "VARCHAR", "the customer's tier in the loyalty programme");

    // Digits of the product number, made once.
    private static readonly Term[][] s_skus =
    [
        .. Enumerable.Range(0, Categories.Length).Select(c => Enumerable.Range(0, ProductsPerCategory).Select(p => new Term($"{(c + 1) * 4000 + p * 37:D6}")).ToArray()),
    ];

    private readonly OrderPattern _pattern = new(seed);
    private readonly SalesCalendar _calendar = lateDay ? SalesCalendar.DayAfter : SalesCalendar.Year;
    private readonly long _firstOrder = (lateDay ? Year + 1 : Year) * 1_000_000_000L + 1;

    // The late day continues the year with other dice, for the same customers.
    private readonly ulong _day = lateDay ? ~seed : seed;

    public override IReadOnlyList<DatasetColumn> Columns { get; } = lateDay ? [.. s_columns, s_tier] : s_columns;

    public override IReadOnlyList<string> KeyColumns { get; } = ["order_id", "line_number"];

    public override IReadOnlyDictionary<DefectKind, string> DefectColumns { get; } = new Dictionary<DefectKind, string>
    {
        [DefectKind.MissingValue] = "customer_id",
        [DefectKind.BadDate] = "order_date",
        [DefectKind.MixedCase] = "region",
        [DefectKind.StrayBlanks] = "region",
        [DefectKind.WrongNumber] = "quantity",
        [DefectKind.UnknownCategory] = "category",
    }.ToFrozenDictionary();

    protected override void WriteRow<TWriter>(scoped ref TWriter writer, long row, DefectKind defect)
    {
        var (order, line, firstRow) = _pattern[row];
        var day = _calendar.DayOf(firstRow, rows);
        var orderDice = Dice.Of(_day, Dice.Stream.Order, order);
        var dice = Dice.Of(_day, Dice.Stream.Row, row);

        writer.Integer(0, _firstOrder + order);
        writer.Integer(1, line);
        if (defect == DefectKind.BadDate)
        {
            writer.Term(2, Misfits.Dates[dice.Below(Misfits.Dates.Length)]);
        }
        else
        {
            writer.Day(2, _calendar.EpochDayOf(day), _calendar.TextOf(day));
        }
        var payment = WriteCustomer(ref writer, ref orderDice, dice.Next(), defect, out var tier);
        WriteGoods(ref writer, ref dice, day, defect, out var status);
        writer.Term(14, payment);
        writer.Term(15, status);
        if (lateDay)
        {
            writer.Term(16, tier);
        }
    }

    // What follows from the customer and the order, so that it is the same on all lines of the order.
    private Term WriteCustomer<TWriter>(scoped ref TWriter writer, ref Dice order, ulong bits, DefectKind defect, out Term tier)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var customer = CustomerOf(order.Rank(EqualCustomers, CustomerBits));
        var about = Dice.Of(Seed, Dice.Stream.Customer, customer);
        var region = Math.Min(about.Below(6), 4); // a third of the customers live in the centre
        if (defect == DefectKind.MissingValue)
        {
            writer.Null(3);
        }
        else
        {
            writer.Integer(3, 100_000 + customer);
        }
        writer.Term(4, Regions[region].For(defect, bits));
        writer.Term(5, Countries[region][about.Below(4)]);
        tier = Tiers[Math.Min(about.Below(4), about.Below(4))];
        var channel = Math.Min(order.Below(7), order.Below(Channels.Length)); // the web first, the phone last
        writer.Term(6, Channels[channel]);
        return Payments[channel == 2 ? 3 * order.Below(2) : Math.Min(order.Below(3), order.Below(3))];
    }

    private void WriteGoods<TWriter>(scoped ref TWriter writer, ref Dice dice, int day, DefectKind defect, out Term status)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var month = _calendar.MonthOf(day);
        var number = CategoriesByMonth[month][dice.Below(256)];
        var category = Categories[number];
        var product = ProductOf(dice.Rank(2, 6));
        writer.Term(7, defect == DefectKind.UnknownCategory ? Misfits.Words[dice.Below(Misfits.Words.Length)] : category.Name.Right);
        writer.Term(8, s_skus[number][product]);
        writer.Term(9, category.Products[product]);

        var fate = dice.Below(100);
        status = fate < category.ReturnsPerCent ? Returned : fate >= 97 ? Cancelled : Completed;
        var quantity = QuantityOf(ref dice) * (fate < category.ReturnsPerCent ? -1 : 1);
        var price = category.Prices[product];
        var discount = DiscountOf(ref dice, month);
        if (defect == DefectKind.WrongNumber)
        {
            writer.Term(10, Misfits.Numbers[dice.Below(Misfits.Numbers.Length)]);
        }
        else
        {
            writer.Integer(10, quantity);
        }
        writer.Fixed(11, price, 2);
        writer.Fixed(12, discount, 2);
        writer.Fixed(13, Rounded((long)quantity * price * (100 - discount)), 2);
    }

    private static int QuantityOf(ref Dice dice) => dice.Below(100) switch
    {
        < 62 => 1,
        < 84 => 2,
        < 92 => 3,
        < 97 => 4 + dice.Below(3),
        _ => 10 + dice.Below(15),
    };

    // Two orders in three pay the list price; before the holidays every second one does.
    private static int DiscountOf(ref Dice dice, int month)
        => dice.Below(100) < (month >= 10 ? 50 : 68) ? 0 : 5 * (1 + Math.Min(dice.Below(6), dice.Below(6)));

    private static long Rounded(long hundredfold) => (hundredfold + (hundredfold < 0 ? -50 : 50)) / 100;

    // 60 ranks fall on 32 products, so that each category has a best seller that is not always its first one.
    private static int ProductOf(int rank) => (rank * 13 + 5) % ProductsPerCategory;

    // Frequent customers have no neighbouring numbers: the rank is spread by an odd factor, which is a permutation modulo 2^16.
    private static int CustomerOf(int rank) => (rank * 40503) & ((1 << CustomerBits) - 1);
}
