using System.Diagnostics;

namespace Tarn.Benchmarks.Sql;

/// <summary>Times of two ways to do the same, measured in turns so that other load of the machine hits both alike.</summary>
/// <param name="Tarn">Milliseconds of Tarn, one for each pair.</param>
/// <param name="Raw">Milliseconds of raw DuckDB, one for each pair.</param>
internal sealed record Pairs(IReadOnlyList<double> Tarn, IReadOnlyList<double> Raw)
{
    /// <summary>Median of Tarn in milliseconds.</summary>
    public double TarnMedian => Median(Tarn);

    /// <summary>Median of raw DuckDB in milliseconds.</summary>
    public double RawMedian => Median(Raw);

    /// <summary>Median of the ratios of the pairs.</summary>
    public double Ratio => Median([.. Tarn.Zip(Raw, (tarn, raw) => tarn / raw)]);

    /// <summary>Processor time of the process during the runs, user and system, in milliseconds: it does not depend on what else the machine does.</summary>
    public required (IReadOnlyList<double> Tarn, IReadOnlyList<double> Raw) Cpu { get; init; }

    /// <summary>Median of the ratios of processor time.</summary>
    public double CpuRatio => Median([.. Cpu.Tarn.Zip(Cpu.Raw, (tarn, raw) => tarn / raw)]);

    /// <summary>Median of the processor time in milliseconds.</summary>
    public (double Tarn, double Raw) CpuMedian => (Median(Cpu.Tarn), Median(Cpu.Raw));

    /// <summary>Measures after one unmeasured round of each; who begins changes with every pair.</summary>
    public static async Task<Pairs> MeasureAsync(int count, Func<Task> tarn, Func<Task> raw)
    {
        await tarn().ConfigureAwait(false);
        await raw().ConfigureAwait(false);
        var times = (Tarn: new List<(double Wall, double Cpu)>(), Raw: new List<(double Wall, double Cpu)>());
        for (int pair = 0; pair < count; pair++)
        {
            if (pair % 2 == 0)
                times.Tarn.Add(await BothAsync(tarn).ConfigureAwait(false));
            times.Raw.Add(await BothAsync(raw).ConfigureAwait(false));
            if (pair % 2 == 1)
                times.Tarn.Add(await BothAsync(tarn).ConfigureAwait(false));
        }

        return new Pairs([.. times.Tarn.Select(t => t.Wall)], [.. times.Raw.Select(t => t.Wall)]) { Cpu = ([.. times.Tarn.Select(t => t.Cpu)], [.. times.Raw.Select(t => t.Cpu)]) };
    }

    private static async Task<(double Wall, double Cpu)> BothAsync(Func<Task> run)
    {
        var before = Environment.CpuUsage.TotalTime;
        double wall = await TimeAsync(run).ConfigureAwait(false);
        return (wall, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    /// <summary>Milliseconds of one run.</summary>
    public static async Task<double> TimeAsync(Func<Task> run)
    {
        long started = Stopwatch.GetTimestamp();
        await run().ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>The value that this share of the values does not exceed.</summary>
    public static double Percentile(IReadOnlyList<double> values, double share) =>
        values.Order().ElementAt((int)Math.Ceiling(values.Count * share) - 1);

    private static double Median(IReadOnlyList<double> values) => Percentile(values, 0.5);
}
