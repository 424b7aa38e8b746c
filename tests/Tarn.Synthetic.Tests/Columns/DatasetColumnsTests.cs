using System.Buffers.Binary;
using System.Text;
using Tarn.Synthetic.Columns;

namespace Tarn.Synthetic.Tests.Columns;

public sealed class DatasetColumnsTests
{
    [Theory]
    [InlineData("sales", 0)]
    [InlineData("sales", 0.5)]
    [InlineData("sales-late-day", 0.5)]
    [InlineData("activity", 0)]
    [InlineData("activity", 0.5)]
    [InlineData("sensors", 0)]
    [InlineData("sensors", 0.5)]
    public async Task Next_UntilTheEnd_GivesTheTextsOfCsv(string name, double dirty)
    {
        const int rows = 1500;
        var dataset = DatasetTests.Make(name, rows, dirty: dirty);
        var expected = await Rendered.CsvAsync(dataset);
        var columns = dataset.ReadColumns(rowsPerBlock: 400);
        var first = 0;
        while (columns.Next() is { } block)
        {
            Assert.Equal(Math.Min(400, rows - first), block.RowCount);
            for (var c = 0; c < columns.Columns.Count; c++)
            {
                var texts = Texts(block.Columns[c], block.RowCount, columns.Columns[c].SqlType);
                Assert.Equal(expected.Skip(first).Take(block.RowCount).Select(r => r[columns.Columns[c].Name]).Where(t => t is null || columns.Columns[c].SqlType == "VARCHAR"), texts);
            }
            first += block.RowCount;
            columns.Return(block);
        }
        Assert.Equal((rows, rows), (first, columns.RowCount));
        Assert.Equal(dataset.CountDefects().Counts, columns.Defects.Counts);
        Assert.Null(columns.Next());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3000, 6)]
    public void Columns_WithDefects_AreText(long rows, int plantedKinds)
    {
        var dataset = Dataset.Sensors(rows, dirtyFraction: 0.4);
        var changed = dataset.Columns.Zip(dataset.ReadColumns(100).Columns).Where(pair => pair.First != pair.Second).ToList();
        Assert.All(changed, pair => Assert.Equal((pair.First.Name, "VARCHAR"), (pair.Second.Name, pair.Second.SqlType)));
        // Three of the six kinds hit columns that are text anyway.
        Assert.Equal(plantedKinds / 2, changed.Count);
    }

    [Fact]
    public void Values_OfFixedWidth_AreThoseOfTheirType()
    {
        var block = Dataset.Sales(1).ReadColumns(8).Next()!;
        Assert.Equal(2025_000_000_001, BinaryPrimitives.ReadInt64LittleEndian(block.Columns[0].Values.Span));
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(block.Columns[1].Values.Span));
        Assert.Equal(new DateOnly(2025, 1, 1).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, BinaryPrimitives.ReadInt32LittleEndian(block.Columns[2].Values.Span));
        var (quantity, price, discount, amount) = (BinaryPrimitives.ReadInt32LittleEndian(block.Columns[10].Values.Span), Decimal(11), Decimal(12), Decimal(13));
        Assert.Equal(Math.Round(quantity * price * (1 - discount), 2, MidpointRounding.AwayFromZero), amount);

        decimal Decimal(int column) => (decimal)BinaryPrimitives.ReadInt128LittleEndian(block.Columns[column].Values.Span) / 100;
    }

    // Of text all values, of other types the missing ones.
    private static IEnumerable<string?> Texts(ColumnBuffer column, int rows, string type)
    {
        var missing = 0;
        for (var row = 0; row < rows; row++)
        {
            var isMissing = (column.Validity.Span[row / 8] & (1 << row % 8)) == 0;
            missing += isMissing ? 1 : 0;
            if (isMissing)
            {
                yield return null;
            }
            else if (type == "VARCHAR")
            {
                var start = BinaryPrimitives.ReadInt32LittleEndian(column.Values.Span[(4 * row)..]);
                var end = BinaryPrimitives.ReadInt32LittleEndian(column.Values.Span[(4 * (row + 1))..]);
                yield return Encoding.UTF8.GetString(column.Utf8!.Value.Span[start..end]);
            }
        }
        Assert.Equal(column.NullCount, missing);
    }
}
