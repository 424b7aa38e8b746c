using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Parquet;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Engine.Tests.Parquet;

public sealed class RowGroupTests
{
    [Fact]
    public void ReadAll_FileOfManyRowGroups_GivesCountsAndBoundsOfEach()
    {
        using var folder = new TemporaryFolder();
        string path = Copy(folder, "SELECT i::BIGINT AS id, CASE WHEN i >= 4096 THEN i::INTEGER END AS late, CASE WHEN i >= 10 THEN {'x': i::INTEGER} END AS s FROM range(6144) t(i)");
        var groups = RowGroup.ReadAll(path);
        Assert.Equal([2048, 2048, 2048], groups.Select(g => g.RowCount));
        Assert.Equal([0L, 2048L, 4096L], groups.Select(g => BitConverter.ToInt64(g.Columns[0]!.Min!)));
        Assert.Equal([2047L, 4095L, 6143L], groups.Select(g => BitConverter.ToInt64(g.Columns[0]!.Max!)));
        Assert.Equal([2048L, 2048L, 0L], groups.Select(g => g.Columns[1]!.NullCount));
        Assert.Equal([null, null, 4096], groups.Select(g => g.Columns[1]!.Min is { } min ? BitConverter.ToInt32(min) : (int?)null));
        Assert.Equal([10L, 0L, 0L], groups.Select(g => g.Columns[2]!.NullCount));
        Assert.Equal([10, 2048, 4096], groups.Select(g => BitConverter.ToInt32(g.Columns[2]!.Min!)));
    }

    [Fact]
    public void Parse_DeprecatedBounds_AreIgnored()
    {
        var column = Assert.Single(Assert.Single(RowGroup.Parse(Footer((1, [9]), (2, [1])))).Columns)!;
        Assert.Null(column.Min);
        Assert.Null(column.Max);
        Assert.Null(column.NullCount);
        Assert.Equal(7, column.ValueCount);
    }

    [Fact]
    public void Parse_NewAndDeprecatedBounds_GivesTheNew()
    {
        var column = Assert.Single(Assert.Single(RowGroup.Parse(Footer((1, [9]), (2, [1]), (5, [8]), (6, [2])))).Columns)!;
        Assert.Equal([2], column.Min);
        Assert.Equal([8], column.Max);
    }

    [Fact]
    public void Parse_RandomDamage_EndsInDataCorruptedOrRowGroups()
    {
        var random = new Random(Soak.Seed);
        using var folder = new TemporaryFolder();
        var (footer, _) = ParquetFooter.ReadBytes(Copy(folder, "SELECT i AS id, i::VARCHAR AS text FROM range(4096) t(i)"));
        for (int round = Soak.Rounds(2_000, 1_000_000); round > 0; round--)
        {
            byte[] damaged = footer[..random.Next(footer.Length / 2, footer.Length)];
            for (int changes = random.Next(4); changes > 0; changes--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(RowGroup.Parse(damaged), g => Assert.True(g.RowCount >= 0));
            }
            catch (TarnException error)
            {
                Assert.True(error.Kind == ErrorKind.DataCorrupted, $"seed {Soak.Seed}: {error}");
            }
        }
    }

    private static string Copy(TemporaryFolder folder, string query)
    {
        string path = folder["data.parquet"];
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute($"COPY ({query}) TO '{path}' (ROW_GROUP_SIZE 2048)");
        return path;
    }

    // FileMetaData of one row group of 7 rows and one column, whose Statistics have these fields.
    private static byte[] Footer(params (int Id, byte[] Value)[] statistics)
    {
        var writer = new CompactWriter();
        int file = 0, group = 0, chunk = 0, column = 0, last = 0;
        writer.WriteField(ref file, 4, CompactType.List);
        writer.WriteListHeader(1, CompactType.Struct);
        writer.WriteField(ref group, 1, CompactType.List);
        writer.WriteListHeader(1, CompactType.Struct);
        writer.WriteField(ref chunk, 3, CompactType.Struct);
        writer.WriteInt64(ref column, 5, 7);
        writer.WriteField(ref column, 12, CompactType.Struct);
        foreach (var (id, value) in statistics)
        {
            writer.WriteField(ref last, id, CompactType.Binary);
            writer.WriteRaw([(byte)value.Length, .. value]);
        }

        writer.WriteStop();
        writer.WriteStop();
        writer.WriteStop();
        writer.WriteInt64(ref group, 3, 7);
        writer.WriteStop();
        writer.WriteStop();
        return writer.Written.ToArray();
    }
}
