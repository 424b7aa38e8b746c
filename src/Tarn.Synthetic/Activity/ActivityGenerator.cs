using System.Buffers.Text;
using System.Collections.Frozen;
using Tarn.Synthetic.Chance;
using Tarn.Synthetic.Rows;
using static Tarn.Synthetic.Activity.ActivityVocabulary;

namespace Tarn.Synthetic.Activity;

/// <summary>Events of a shop's visitors, in order of time. Long sessions lead to carts, some carts to purchases.</summary>
internal sealed class ActivityGenerator(ulong seed, double dirtyFraction) : RowGenerator(seed, dirtyFraction)
{
    private readonly SessionPattern _sessions = new(seed);

    public override IReadOnlyList<DatasetColumn> Columns { get; } =
    [
        new("event_id", "VARCHAR", "the event, 16 hexadecimal digits"),
        new("event_time", "TIMESTAMP WITH TIME ZONE", "when it happened, UTC"),
        new("session_id", "BIGINT", "the visit it belongs to"),
        new("user_id", "BIGINT", "the user, when signed in"),
        new("event_type", "VARCHAR", "page_view, search, add_to_cart, checkout or purchase"),
        new("page", "VARCHAR", "the path of the page"),
        new("referrer", "VARCHAR", "where the visit came from; on its first event only, and not on direct ones"),
        new("device", "VARCHAR", "mobile, desktop, tablet or tv"),
        new("browser", "VARCHAR", "the browser"),
        new("country", "VARCHAR", "ISO 3166"),
        new("duration_ms", "INTEGER", "time spent on the page, milliseconds"),
        new("revenue", "DECIMAL(10,2)", "value of a purchase, else empty"),
    ];

    public override IReadOnlyList<string> KeyColumns { get; } = ["event_id"];

    public override IReadOnlyDictionary<DefectKind, string> DefectColumns { get; } = new Dictionary<DefectKind, string>
    {
        [DefectKind.MissingValue] = "session_id",
        [DefectKind.BadDate] = "event_time",
        [DefectKind.MixedCase] = "device",
        [DefectKind.StrayBlanks] = "device",
        [DefectKind.WrongNumber] = "duration_ms",
        [DefectKind.UnknownCategory] = "event_type",
    }.ToFrozenDictionary();

    protected override void WriteRow<TWriter>(scoped ref TWriter writer, long row, DefectKind defect)
    {
        var (session, step, length) = _sessions[row];
        var dice = Dice.Of(Seed, Dice.Stream.Row, row);
        var visit = Dice.Of(Seed, Dice.Stream.Session, session);
        var buys = length >= 8 && visit.Chance(180);

        Span<byte> id = stackalloc byte[16];
        Utf8Formatter.TryFormat(dice.Next(), id, out _, new System.Buffers.StandardFormat('x', 16));
        writer.Plain(0, id);
        if (defect == DefectKind.BadDate)
        {
            writer.Term(1, Misfits.Dates[dice.Below(Misfits.Dates.Length)]);
        }
        else
        {
            writer.Instant(1, WeeklyTraffic.InstantOf(row, dice.Below(65536)));
        }
        WriteVisit(ref writer, ref visit, session, defect);
        var purchase = WriteStep(ref writer, ref dice, step, length, buys, defect);
        WriteSurroundings(ref writer, ref visit, step, dice.Next(), defect);
        if (defect == DefectKind.WrongNumber)
        {
            writer.Term(10, Misfits.Numbers[dice.Below(Misfits.Numbers.Length)]);
        }
        else
        {
            writer.Integer(10, 400 + Math.Min(dice.Below(180_000), Math.Min(dice.Below(90_000), dice.Below(90_000))));
        }
        if (purchase)
        {
            writer.Fixed(11, 990 + Math.Min(dice.Below(40_000), dice.Below(40_000)), 2);
        }
        else
        {
            writer.Null(11);
        }
    }

    private static void WriteVisit<TWriter>(scoped ref TWriter writer, ref Dice visit, long session, DefectKind defect)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        if (defect == DefectKind.MissingValue)
        {
            writer.Null(2);
        }
        else
        {
            writer.Integer(2, 1_000_000 + session);
        }
        var user = visit.Rank(4, 20);
        if (visit.Chance(450))
        {
            writer.Integer(3, 100_000 + user);
        }
        else
        {
            writer.Null(3);
        }
    }

    // A visit goes home or to a product, searches, fills a cart, and may end with a purchase.
    private static bool WriteStep<TWriter>(scoped ref TWriter writer, ref Dice dice, int step, int length, bool buys, DefectKind defect)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var product = Products[dice.Rank(2, 8)].Right;
        var throwOf = dice.Below(100);
        var (type, page) = (length - step, length) switch
        {
            (1, _) when buys => (Purchase, ThankYou),
            (2, _) when buys => (BeginCheckout, Checkout),
            _ when step == 0 => (PageView, throwOf < 55 ? Home : product),
            _ when throwOf < 14 => (Search, Searches[dice.Below(Searches.Length)]),
            (_, >= 5) when throwOf < 26 => (AddToCart, product),
            _ => (PageView, throwOf < 34 ? Cart : product),
        };
        writer.Term(4, defect == DefectKind.UnknownCategory ? Misfits.Words[dice.Below(Misfits.Words.Length)] : type);
        writer.Term(5, page);
        return ReferenceEquals(type, Purchase);
    }

    private static void WriteSurroundings<TWriter>(scoped ref TWriter writer, ref Dice visit, int step, ulong bits, DefectKind defect)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        var referrer = visit.Below(9);
        if (step == 0 && referrer < Referrers.Length)
        {
            writer.Term(6, Referrers[referrer]);
        }
        else
        {
            writer.Null(6);
        }
        writer.Term(7, Devices[Math.Min(visit.Below(4), visit.Below(3))].For(defect, bits));
        writer.Term(8, Browsers[Math.Min(visit.Below(5), visit.Below(5))]);
        writer.Term(9, Countries[Math.Min(visit.Below(12), visit.Below(12))]);
    }
}
