using System.Globalization;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// When a conflicting commit is tried again: table properties <c>commit.retry.*</c>. Where a table sets none, attempts are more and waits shorter than
/// the reference implementation's, because a conflict here costs milliseconds and not seconds.
/// </summary>
/// <param name="Retries">Most attempts after the first.</param>
/// <param name="MinWait">Wait before the first retry; doubles with each.</param>
/// <param name="MaxWait">Longest wait.</param>
/// <param name="TotalTimeout">No retry starts after this long.</param>
internal sealed record CommitRetry(int Retries, TimeSpan MinWait, TimeSpan MaxWait, TimeSpan TotalTimeout)
{
    private const int DefaultRetries = 100;

    /// <summary>Reads the properties of a table; values that are no numbers count as unset.</summary>
    public static CommitRetry Of(TableMetadata metadata) => new(
        (int)Number(metadata, "commit.retry.num-retries", DefaultRetries),
        TimeSpan.FromMilliseconds(Number(metadata, "commit.retry.min-wait-ms", 10)),
        TimeSpan.FromMilliseconds(Number(metadata, "commit.retry.max-wait-ms", 2_000)),
        TimeSpan.FromMilliseconds(Number(metadata, "commit.retry.total-timeout-ms", 1_800_000)));

    /// <summary>The wait before a retry, counted from 1; random between half and all of the step so that competitors spread.</summary>
    public TimeSpan Wait(int retry, Random random)
    {
        double step = Math.Min(MaxWait.TotalMilliseconds, MinWait.TotalMilliseconds * Math.Pow(2, Math.Min(retry - 1, 30)));
        return TimeSpan.FromMilliseconds(step * (0.5 + (random.NextDouble() / 2)));
    }

    private static long Number(TableMetadata metadata, string property, long unset) =>
        long.TryParse(metadata.Properties.GetValueOrDefault(property), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? Math.Min(value, int.MaxValue) : unset;
}
