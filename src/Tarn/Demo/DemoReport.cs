using System.Globalization;
using Tarn.Engine.Sessions;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Demo;

/// <summary>Prints the gold tables: the result of the demo, so it goes to stdout.</summary>
internal sealed class DemoReport(ISqlSession session, Streams streams, string format)
{
    private const int ChartWidth = 36;

    /// <summary>Prints everything.</summary>
    public async Task PrintAsync(CancellationToken cancellationToken)
    {
        if (format == "table")
            await PrintChartAsync(cancellationToken);
        await PrintTableAsync("Revenue by category and region", "report_regions", cancellationToken);
        await PrintTableAsync("Best customers", "report_customers", cancellationToken);
        await PrintTableAsync("Returns", "report_returns", cancellationToken);
        await PrintTableAsync("Rejected lines", "report_reasons", cancellationToken);
        await PrintTableAsync("Time travel: the year and the late day", "audit", cancellationToken);
    }

    private async Task PrintTableAsync(string title, string model, CancellationToken cancellationToken)
    {
        if (format is "table" or "markdown")
            streams.Out.WriteLine(format == "table" ? streams.OutStyle.Bold(title) : $"## {title}\n");
        await using var result = await session.ExecuteAsync(SqlModel.Read(model), cancellationToken: cancellationToken);
        await ResultWriter.WriteAllAsync(result, format, streams, expanded: false, cancellationToken);
        if (format is "table" or "markdown")
            streams.Out.WriteLine();
    }

    private async Task PrintChartAsync(CancellationToken cancellationToken)
    {
        var months = new List<(string, double)>();
        await using var result = await session.ExecuteAsync(SqlModel.Read("report_months"), cancellationToken: cancellationToken);
        await foreach (var batch in result.ReadBatchesAsync(cancellationToken))
        {
            for (int row = 0; row < batch.RowCount; row++)
                months.Add(((string)batch.GetValue(0, row)!, double.Parse(batch.GetValue(1, row)!.ToString()!, CultureInfo.InvariantCulture)));
        }

        streams.Out.WriteLine(streams.OutStyle.Bold("Revenue by month"));
        foreach (string line in BarChart.Lines(months, ChartWidth, streams.OutStyle))
            streams.Out.WriteLine(line);
        streams.Out.WriteLine();
    }
}
