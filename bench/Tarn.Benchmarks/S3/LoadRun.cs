using System.Diagnostics;

namespace Tarn.Benchmarks.S3;

/// <summary>What many connections achieved together.</summary>
/// <param name="RequestsPerSecond">All connections together.</param>
/// <param name="BytesPerSecond">Bodies both ways.</param>
/// <param name="P50">Time of the median request.</param>
/// <param name="P99">Time that one in a hundred exceeds.</param>
internal sealed record LoadRun(double RequestsPerSecond, double BytesPerSecond, TimeSpan P50, TimeSpan P99)
{
    /// <summary>Decimal megabytes.</summary>
    public double MegabytesPerSecond => BytesPerSecond / 1e6;

    /// <summary>Runs every connection on a thread of its own, each with requests of its own in turn, until the time is over.</summary>
    public static LoadRun Measure(string address, int connections, TimeSpan time, Func<int, IReadOnlyList<LoadRequest>> requests)
    {
        var times = new List<long>[connections];
        long bytes = 0, began = 0;
        LoadThreads.Run(connections, () => Volatile.Write(ref began, Stopwatch.GetTimestamp()), client =>
        {
            var own = requests(client);
            var mine = times[client] = new(100_000);
            var connection = new LoadConnection(address);
            return () =>
            {
                using (connection)
                {
                    do
                    {
                        long start = Stopwatch.GetTimestamp();
                        var request = own[mine.Count % own.Count];
                        Interlocked.Add(ref bytes, connection.Send(request.Head, request.Body) + request.Body.Length);
                        mine.Add(Stopwatch.GetTimestamp() - start);
                    }
                    while (Stopwatch.GetElapsedTime(Volatile.Read(ref began)) < time);
                }
            };
        });
        var took = Stopwatch.GetElapsedTime(began);
        List<long> all = [.. times.SelectMany(t => t).Order()];
        return new(all.Count / took.TotalSeconds, bytes / took.TotalSeconds, At(all, 0.5), At(all, 0.99));
    }

    private static TimeSpan At(List<long> sorted, double share) => Stopwatch.GetElapsedTime(0, sorted[(int)((sorted.Count - 1) * share)]);
}
