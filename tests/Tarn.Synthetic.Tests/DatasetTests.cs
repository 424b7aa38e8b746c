using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Synthetic.Tests;

public sealed class DatasetTests
{
    public static TheoryData<string> Names => ["sales", "sales-late-day", "activity", "sensors"];

    internal static Dataset Make(string name, long rows, ulong seed = 1, double dirty = 0)
        => name == "sales-late-day" ? Dataset.SalesLateDay(rows, seed, dirty) : Dataset.Named(name, rows, seed, dirty);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Write_WithAnyParallelism_GivesTheSameBytes(string name)
    {
        foreach (var format in Enum.GetValues<DatasetFormat>())
        {
            var alone = await Rendered.BytesAsync(Make(name, 30_001, dirty: 0.1), format, new() { Parallelism = 1 });
            var together = await Rendered.BytesAsync(Make(name, 30_001, dirty: 0.1), format, new() { Parallelism = 7 });
            Assert.True(alone.AsSpan().SequenceEqual(together), $"{name} as {format}");
        }
    }

    // Whoever changes these changes what every seed means, for everybody.
    [Theory]
    [InlineData("sales", "2b4c91cad2dad0a3")]
    [InlineData("sales-late-day", "deb7faae12050a06")]
    [InlineData("activity", "15e1a66f9b1f144f")]
    [InlineData("sensors", "0702e25c2dd0ddea")]
    public async Task Write_WithTheSameSeed_GivesTheBytesItAlwaysGave(string name, string expected)
    {
        var bytes = await Rendered.BytesAsync(Make(name, 10_000, seed: 42, dirty: 0.02), DatasetFormat.Csv);
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Write_WithAnotherSeed_GivesOtherRows(string name)
        => Assert.NotEqual(
            await Rendered.BytesAsync(Make(name, 100, seed: 1), DatasetFormat.Csv),
            await Rendered.BytesAsync(Make(name, 100, seed: 2), DatasetFormat.Csv));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Write_WithRowsAroundABlock_GivesExactlyTheseRows(string name)
    {
        foreach (var rows in new[] { 1, 2, 4095, 4096, 4097, 12_288 })
        {
            using var target = new MemoryStream();
            var summary = await Make(name, rows, dirty: 0.3).WriteNdjsonAsync(target);
            Assert.Equal(rows, summary.RowCount);
            Assert.Equal(target.Length, summary.SizeBytes);
            Assert.Equal(rows, summary.Defects.Rows);
            Assert.Equal(rows, Rendered.Ndjson(target.ToArray()).Count);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Write_InEveryFormat_SaysTheSame(string name)
    {
        var dataset = Make(name, 6_000, dirty: 0.2);
        var csv = await Rendered.CsvAsync(dataset);
        var ndjson = Rendered.Ndjson(await Rendered.BytesAsync(dataset, DatasetFormat.Ndjson));
        using var array = JsonDocument.Parse(await Rendered.BytesAsync(dataset, DatasetFormat.Json));
        Assert.Equal(csv, ndjson);
        Assert.Equal(csv, array.RootElement.EnumerateArray().Select(Rendered.Object));
        Assert.Equal(dataset.Columns.Select(c => c.Name), ndjson[0].Keys);
    }

    [Fact]
    public async Task Write_WithGzip_CompressesTheSameBytes()
    {
        var dataset = Dataset.Sales(20_000);
        using var target = new MemoryStream();
        var summary = await dataset.WriteCsvAsync(target, new() { Gzip = true });
        Assert.Equal(target.Length, summary.SizeBytes);
        target.Position = 0;
        using var plain = new MemoryStream();
        await using (var gzip = new GZipStream(target, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(plain);
        }
        Assert.Equal(await Rendered.BytesAsync(dataset, DatasetFormat.Csv), plain.ToArray());
    }

    [Fact]
    public async Task Write_WithProgress_CountsUpToAllRows()
    {
        var seen = new Seen();
        await Dataset.Sensors(10_000).WriteCsvAsync(Stream.Null, new() { Progress = seen });
        Assert.Equal([4096, 8192, 10_000], seen.Values);
    }

    [Fact]
    public async Task Write_WhenCancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        var stop = new Seen { Then = cancel.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Dataset.Sales(1_000_000_000).WriteCsvAsync(new MemoryStream(), new() { Progress = stop }, cancel.Token));
    }

    [Fact]
    public async Task Write_WhenTheStreamFails_FailsWithItsError()
    {
        using var full = new MemoryStream(new byte[100_000]);
        await Assert.ThrowsAsync<NotSupportedException>(() => Dataset.Sales(1_000_000_000).WriteCsvAsync(full));
    }

    [Theory]
    [InlineData("sales", 0, 0.0)]
    [InlineData("sales", -1, 0.0)]
    [InlineData("sales", 1, 0.6)]
    [InlineData("sales", 1, double.NaN)]
    [InlineData("orders", 1, 0.0)]
    public void Named_WithImpossibleRequest_IsRefused(string name, long rows, double dirty)
        => Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => Dataset.Named(name, rows, 1, dirty)).Kind);

    private sealed class Seen : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public Action? Then { get; init; }

        public void Report(long value)
        {
            Values.Add(value);
            Then?.Invoke();
        }
    }
}
