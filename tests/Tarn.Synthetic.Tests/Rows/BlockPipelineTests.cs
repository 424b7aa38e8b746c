using Tarn.Synthetic.Activity;
using Tarn.Synthetic.Rows;
using Tarn.Synthetic.Sales;
using Tarn.Synthetic.Sensors;

namespace Tarn.Synthetic.Tests.Rows;

public sealed class BlockPipelineTests
{
    private const long Many = Dataset.MaxRowCount;

    public static TheoryData<string> Generators => ["sales", "late", "activity", "sensors"];

    // Blocks are as large as their rows can get; this is what keeps the constants honest, far beyond the rows anybody asks for.
    [Theory]
    [MemberData(nameof(Generators))]
    public void Rows_FarOut_FitIntoTheirBlocks(string name)
    {
        var generator = Make(name);
        var keys = JsonRowWriter.Keys(generator.Columns);
        var block = new byte[BlockPipeline.JsonRowBytes];
        for (var row = Many - 20_000; row < Many; row++)
        {
            var csv = new CsvRowWriter(block.AsSpan(0, BlockPipeline.CsvRowBytes));
            generator.WriteRows(ref csv, row, 1, new PlantedDefects());
            var json = new JsonRowWriter(block, keys, comma: true);
            generator.WriteRows(ref json, row, 1, new PlantedDefects());
            Assert.True(csv.Length > 0 && json.Length > csv.Length);
        }
    }

    private static RowGenerator Make(string name) => name switch
    {
        "sales" => new SalesGenerator(Many, 1, 0.5, lateDay: false),
        "late" => new SalesGenerator(Many, 1, 0.5, lateDay: true),
        "activity" => new ActivityGenerator(1, 0.5),
        _ => new SensorGenerator(Many, 1, 0.5),
    };
}
