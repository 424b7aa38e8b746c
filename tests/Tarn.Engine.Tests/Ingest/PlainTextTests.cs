using System.Globalization;
using System.Text;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Engine.Ingest;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Ingest;

public sealed class PlainTextTests
{
    private const int Texts = 20_000;

    private static readonly SimpleType[] s_types = [SimpleType.Int, SimpleType.Long, SimpleType.Double, SimpleType.Date, SimpleType.Time, SimpleType.Timestamp, SimpleType.TimestampTz];

    public static TheoryData<string> Types => new(s_types.Select(t => t.Text));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-7", -7L)]
    [InlineData("999999999999999999", 999_999_999_999_999_999L)]
    [InlineData("1000000000000000000", null)]
    [InlineData("-0", null)]
    [InlineData("007", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("1.0", null)]
    [InlineData("1e3", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    public void TryLong_Text_GivesPlainOnesOnly(string text, long? expected) => Assert.Equal(expected, PlainText.TryLong(Utf8(text), out long value) ? value : null);

    [Theory]
    [InlineData("999999999", 999_999_999)]
    [InlineData("2147483647", null)]
    public void TryInt_Text_GivesPlainOnesOnly(string text, int? expected) => Assert.Equal(expected, PlainText.TryInt(Utf8(text), out int value) ? value : null);

    [Theory]
    [InlineData("0.1", 0.1)]
    [InlineData("-449.79", -449.79)]
    [InlineData("99999999999999.9", 99999999999999.9)]
    [InlineData("0.00000000000001", 1e-14)]
    [InlineData("1234567890123456", null)]
    [InlineData("00.1", null)]
    [InlineData("-01", null)]
    [InlineData(".5", null)]
    [InlineData("5.", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1e5", null)]
    [InlineData("nan", null)]
    [InlineData("-", null)]
    public void TryDouble_Text_GivesPlainOnesOnly(string text, double? expected) => Assert.Equal(expected, PlainText.TryDouble(Utf8(text), out double value) ? value : null);

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("2024-02-29", 19_782)]
    [InlineData("0001-01-01", -719_162)]
    [InlineData("2023-02-29", null)]
    [InlineData("0000-01-01", null)]
    [InlineData("2024-13-01", null)]
    [InlineData("2024-1-05", null)]
    [InlineData("2024/01/05", null)]
    public void TryDate_Text_GivesPlainOnesOnly(string text, int? expected) => Assert.Equal(expected, PlainText.TryDate(Utf8(text), out int value) ? value : null);

    [Theory]
    [InlineData("1970-01-02 00:00:01", 86_401_000_000L)]
    [InlineData("1969-12-31T23:59:59.999999", -1L)]
    [InlineData("1970-01-01 00:00:00.5", 500_000L)]
    [InlineData("1970-01-01 24:00:00", null)]
    [InlineData("1970-01-01 00:00:60", null)]
    [InlineData("1970-01-01 00:00:00.", null)]
    [InlineData("1970-01-01 00:00:00Z", null)]
    [InlineData("1970-01-01 00:00", null)]
    [InlineData("1970-01-01 00:00:00.1234567", null)]
    public void TryTimestamp_Text_GivesPlainOnesOnly(string text, long? expected) => Assert.Equal(expected, PlainText.TryTimestamp(Utf8(text), out long value) ? value : null);

    [Theory]
    [InlineData("1970-01-01T00:00:01Z", 1_000_000L)]
    [InlineData("1970-01-01 02:00:00.5+02", 500_000L)]
    [InlineData("1970-01-01T00:00:00-05:30", 19_800_000_000L)]
    [InlineData("1970-01-01T00:00:00", null)]
    [InlineData("1970-01-01T00:00:00+2:00", null)]
    [InlineData("1970-01-01T00:00:00+02:60", null)]
    [InlineData("1970-01-01T00:00:00+15:00", null)]
    [InlineData("1970-01-01Z", null)]
    public void TryTimestampTz_Text_GivesPlainOnesOnly(string text, long? expected) => Assert.Equal(expected, PlainText.TryTimestampTz(Utf8(text), out long value) ? value : null);

    // What the thorough way refuses, or reads as another value, must not be read as plain; and most texts must be, or nothing is gained.
    [Theory]
    [MemberData(nameof(Types))]
    public void Call_RandomTexts_GivesWhatTheEngineCastsWithoutLoss(string typeName)
    {
        var type = s_types.Single(t => t.Text == typeName);
        var random = new Random(Soak.Seed);
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        PlainTextFunctions.Register(connection);
        string texts = string.Join(", ", Enumerable.Range(0, Texts).Select(_ => EngineSql.String(Spell(type, random))));
        string plain = PlainTextFunctions.Call("x", type)!;
        using var result = connection.Query($"""
            SELECT count({plain}) FILTER ({TextValue.Misfit("x", type)} OR try_cast(x AS {EngineType.Of(type)})::VARCHAR IS DISTINCT FROM {plain}::VARCHAR), count({plain})
            FROM (SELECT unnest([{texts}]) AS x)
            """);
        object?[] row = result.Rows().Single();
        Assert.True(row[0] is 0L, $"{row[0]} texts are read otherwise; seed {Soak.Seed}.");
        Assert.True(row[1] is > Texts / 4L, $"{row[1]} of {Texts} texts are plain; seed {Soak.Seed}.");
    }

    private static string Spell(SimpleType type, Random random)
    {
        string text = type.Id switch
        {
            TypeId.Int => random.Next(-2_000_000, 2_000_000).ToString(CultureInfo.InvariantCulture),
            TypeId.Long => (random.NextInt64() >> random.Next(63)).ToString(CultureInfo.InvariantCulture),
            TypeId.Double => (random.Next(-1_000_000, 1_000_000) * Math.Pow(10, -random.Next(12))).ToString($"F{random.Next(12)}", CultureInfo.InvariantCulture),
            TypeId.Date => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TypeId.Time => new TimeOnly(random.NextInt64(TimeSpan.TicksPerDay)).ToString($"HH:mm:ss{(random.Next(2) == 0 ? "" : ".ffffff"[..random.Next(2, 8)])}", CultureInfo.InvariantCulture),
            TypeId.TimestampTz => Spell(SimpleType.Timestamp, random) + (random.Next(3) switch { 0 => "Z", 1 => $"{random.Next(-12, 15):+00;-00}", _ => $"{random.Next(-12, 15):+00;-00}:{random.Next(60):00}" }),
            _ => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)).ToString($"yyyy-MM-dd{(random.Next(2) == 0 ? ' ' : 'T')}HH:mm:ss{(random.Next(2) == 0 ? "" : ".ffffff"[..random.Next(2, 8)])}", CultureInfo.InvariantCulture),
        };
        return random.Next(2) == 0 ? text : Mutate(text, random);
    }

    private static string Mutate(string text, Random random)
    {
        const string characters = "0123456789-+.eE_ :TZxnaif";
        var changed = new StringBuilder(text);
        int at = random.Next(text.Length);
        char character = characters[random.Next(characters.Length)];
        return random.Next(3) switch
        {
            0 => changed.Insert(at, character).ToString(),
            1 => changed.Remove(at, 1).ToString(),
            _ => changed.Replace(text[at], character, at, 1).ToString(),
        };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
