using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Text that is no plain UTF-8 table: other encodings, and what only looks like a table of one column.</summary>
public sealed class SourceTextTests
{
    private const string Rows = "id,name\n1,Zoë\n2,“10 €”\n";

    [Theory]
    [InlineData(1252, 0)]
    [InlineData(1252, 100_000)]
    [InlineData(1200, 0)]
    [InlineData(1201, 0)]
    [InlineData(65001, 0)]
    public async Task Ingest_TextInOtherEncodings_KeepsEveryCharacter(int codePage, int plainRows)
    {
        await using var lake = new IngestLake();
        var encoding = codePage == 1252 ? CodePagesEncodingProvider.Instance.GetEncoding(codePage)! : Encoding.GetEncoding(codePage);
        string plain = "id,name\n" + string.Concat(Enumerable.Range(10, plainRows).Select(i => $"{i},n\n")) + Rows["id,name\n".Length..];
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(plain)];
        var result = await lake.IngestAsync(lake.Write("a.csv", bytes));
        Assert.Equal(plainRows + 2, result.RowCount);
        Assert.Equal(["1|Zoë", "2|“10 €”"], await lake.RowsAsync("SELECT id, name FROM s.t WHERE id < 10 ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_BadValueInOtherEncoding_NamesFileAndLine()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT, name VARCHAR)");
        string path = lake.Write("a.csv", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Rows + "drei,x\n")]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        foreach (string part in (string[])[path, "line 4", "column 'id'", "'drei'"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task Ingest_Windows1252WithLatinLettersFirst_KeepsEveryCharacter(int plainRows)
    {
        await using var lake = new IngestLake();
        string text = "id,name\n1,Zoë\n" + string.Concat(Enumerable.Range(10, plainRows).Select(i => $"{i},n\n")) + "2,“10 €”\n";
        var result = await lake.IngestAsync(lake.Write("a.csv", CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text)));
        Assert.Equal(plainRows + 2, result.RowCount);
        Assert.Equal(["1|Zoë", "2|“10 €”"], await lake.RowsAsync("SELECT id, name FROM s.t WHERE id < 10 ORDER BY id"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task Ingest_TextThatSaysItIsUtf8AndIsNot_IsRefusedNamingTheLine(int plainRows)
    {
        await using var lake = new IngestLake();
        string plain = "id,name\n" + string.Concat(Enumerable.Range(10, plainRows).Select(i => $"{i},€\n"));
        string path = lake.Write("a.csv", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(plain), .. "1,caf\u00e9 \u0080\n".Select(c => (byte)c)]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        foreach (string part in (string[])[path, $"line {plainRows + 2}", "UTF-8"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAnyAsync<TarnException>(() => lake.RowsAsync("DESCRIBE s.t"))).Kind);
    }

    [Fact]
    public async Task Quarantine_TextThatSaysItIsUtf8AndIsNot_PutsTheLineAside()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.csv", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes("id,name\n1,Zoë\n"), .. "2,caf\u00e9\n".Select(c => (byte)c), .. "3,n\n"u8]);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((2, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal(["1|Zoë", "3|n"], await lake.RowsAsync("SELECT id, name FROM s.t ORDER BY id"));
    }

    [Fact]
    public async Task Ingest_OneColumnWithACommaInEachRow_IsTakenWhenSaidToBeCsv()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("names.csv", "name\nDoe, Anna\nRoe, Bert\n");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        foreach (string part in (string[])[path, "into quotes", "--format csv"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        await lake.IngestAsync(path, r => r with { Format = SourceFormat.Csv });
        Assert.Equal(["Doe, Anna", "Roe, Bert"], await lake.RowsAsync("SELECT name FROM s.t ORDER BY 1"));
    }

    [Theory]
    [InlineData("notes.md", "# Notes\n\nSome words.\nMore words.\n", "--format csv")]
    [InlineData("notes", "Some words\nMore words\n", "--format csv")]
    [InlineData("titled.csv", "Report of May\nid,v\n1,2\n3,4\n", "line 2: 2 values (separated by ',') where line 1 has 1")]
    [InlineData("blank.csv", "\n\n", "empty lines only")]
    [InlineData("book.xlsx", "PK\u0003\u0004....", "Excel")]
    public async Task Ingest_TextThatIsNoTable_IsRefusedWithTheWayOut(string name, string text, string message)
    {
        await using var lake = new IngestLake();
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write(name, text)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_OneColumnThatIsMeant_IsTaken()
    {
        await using var lake = new IngestLake();
        Assert.Equal(2, (await lake.IngestAsync(lake.Write("names.csv", "name\nAnna\nBert\n"))).RowCount);
        Assert.Equal(2, (await lake.IngestAsync(lake.Write("names", "name\nCleo\nDora\n"), r => r with { Format = SourceFormat.Csv })).RowCount);
        Assert.Equal(["Anna", "Bert", "Cleo", "Dora"], await lake.RowsAsync("SELECT name FROM s.t ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_OtherPartitionsThanTheTableHas_AreRefused()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.csv", "id,d\n1,2026-01-05\n");
        await lake.IngestAsync(path, r => r with { PartitionBy = ["month(d)"] });
        await lake.IngestAsync(path, r => r with { PartitionBy = ["month(d)"] });
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path, r => r with { PartitionBy = ["day(d)"] }));
        Assert.Contains("partitioned by month(d), not by day(d)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["2"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }
}
