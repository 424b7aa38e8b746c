using System.Globalization;
using System.Text;
using Tarn.Engine.Ingest;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Which decimal numbers survive in binary ones, and files whose numbers and times do not survive in the types that they seem to have.</summary>
public sealed class NumberTextTests
{
    private const int Values = 20_000;

    [Theory]
    [InlineData("0.1", true)]
    [InlineData("0.10000000000000001", true)]
    [InlineData("0.1000000000000000000000", true)]
    [InlineData("0.10000000000000000555", true)]
    [InlineData("1.343642441124012210e-01", true)]
    [InlineData("1234567890123456.8", true)]
    [InlineData("9007199254740994.0", true)]
    [InlineData("\t12345678901234567\n", false)]
    [InlineData("1.23456789012345", true)]
    [InlineData("12345678901234567.89", false)]
    [InlineData("9007199254740993.0", false)]
    [InlineData("9007199254740993", false)]
    [InlineData("12345678901234567890123", false)]
    [InlineData("-1e20", true)]
    [InlineData("1e400", false)]
    [InlineData("1e-400", false)]
    [InlineData("1e99999999999", false)]
    [InlineData("5e-324", true)]
    [InlineData("4.9E-324", true)]
    [InlineData("1.7976931348623157E308", true)]
    [InlineData("-0.0", true)]
    [InlineData("0e0", true)]
    [InlineData("NaN", true)]
    [InlineData("Infinity", true)]
    [InlineData(" 1.50 ", true)]
    public void FitsDouble_Text_IsTrueForWhatSurvives(string text, bool fits) => Assert.Equal(fits, NumberText.FitsDouble(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("16777216", true)]
    [InlineData("16777217", false)]
    [InlineData("100000000", true)]
    [InlineData("0.1", true)]
    [InlineData("1.2345679", true)]
    [InlineData("1.23456789012345", true)]
    [InlineData("0.10000000149011612", true)]
    [InlineData("16777217.5", false)]
    [InlineData("1e39", false)]
    public void FitsFloat_Text_IsTrueForWhatSurvives(string text, bool fits) => Assert.Equal(fits, NumberText.FitsFloat(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void FitsDouble_WhatOthersPrintOfDoubles_Survives()
    {
        var random = new Random(Soak.Seed);
        for (int i = 0; i < Values; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(value))
                continue;
            foreach (string format in (string[])["R", "E16", "E18", "G17"])
            {
                string text = value.ToString(format, CultureInfo.InvariantCulture);
                // Whole numbers of 16 digits and more may be names of something: they are text.
                Assert.True(text.AsSpan().IndexOfAny('.', 'E') < 0 || NumberText.FitsDouble(Encoding.UTF8.GetBytes(text)), $"{text} is a double; seed {Soak.Seed}.");
            }
        }
    }

    [Theory]
    [InlineData("a.csv", "v,w\n1.5,x\n12345678901234567.89,y\n", "12345678901234567.89")]
    [InlineData("a.csv", "v,w\n1.5,x\n1e400,y\n", "1e400")]
    [InlineData("a.csv", "v,w\n2026-01-31T10:20:30Z,x\n2026-01-31T10:20:30.123456789Z,y\n", "2026-01-31T10:20:30.123456789Z")]
    [InlineData("a.ndjson", "{\"v\": 1.5}\n{\"v\": 9007199254740993}\n", "9007199254740993")]
    [InlineData("a.ndjson", "{\"v\": 12345678901234567890123}\n", "12345678901234567890123")]
    [InlineData("a.ndjson", "{\"v\": \"2026-01-31T10:20:30Z\"}\n{\"v\": \"2026-01-31T10:20:30.123456789Z\"}\n", "2026-01-31T10:20:30.123456789Z")]
    public async Task Ingest_ValueThatWouldBeAltered_IsKeptAsText(string name, string text, string value)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write(name, text));
        Assert.Contains(value, await lake.RowsAsync("SELECT v FROM s.t"));
    }

    [Theory]
    [InlineData("REAL", "16777217")]
    [InlineData("DOUBLE", "12345678901234567.89")]
    [InlineData("TIMESTAMPTZ", "2026-01-31T10:20:30.123456789Z")]
    [InlineData("TIMESTAMP", "2026-01-31T10:20:30.123456789")]
    public async Task Ingest_ValueThatTheColumnWouldAlter_IsRefusedOrSetAside(string type, string value)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (v {type}, w VARCHAR)");
        string path = lake.Write("a.csv", $"v,w\n,x\n{value},y\n");
        var error = await Assert.ThrowsAsync<Core.Errors.TarnException>(() => lake.IngestAsync(path));
        foreach (string part in (string[])["a.csv', line 3, column 'v'", $"'{value}'"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((1, 1), (result.RowCount, result.RejectedCount));
    }
}
