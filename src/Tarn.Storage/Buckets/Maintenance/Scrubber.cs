using Tarn.Core.Checksums;
using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets.Maintenance;

/// <summary>
/// Reads all objects again and compares them with their checksums. A damaged version is taken out of service, so that reading it is a clear error. Files
/// that were never uploaded get their checksum now.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="bytesPerSecond">How fast it reads at the most, so that clients do not notice; null for as fast as it can.</param>
public sealed class Scrubber(BucketStore store, TimeProvider time, long? bytesPerSecond = 50L << 20)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Goes through all versions of all buckets.</summary>
    /// <param name="report">Is told of each damaged version: bucket, version and reason; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    public async Task<ScrubOutcome> RunAsync(Action<string, ObjectRecord, string>? report = null, CancellationToken cancellationToken = default)
    {
        var outcome = new ScrubOutcome();
        foreach (var bucket in await store.ListBucketsAsync(cancellationToken).ConfigureAwait(false))
        {
            string? afterKey = null, afterVersion = null;
            do
            {
                var page = await store.ListAsync(bucket.Name, new ObjectQuery { IncludesVersions = true, AfterKey = afterKey, AfterVersionId = afterVersion }, cancellationToken).ConfigureAwait(false);
                foreach (var version in page.Objects.Where(o => !o.IsDeleteMarker))
                    await ScrubAsync(bucket.Name, version, outcome, report, cancellationToken).ConfigureAwait(false);
                (afterKey, afterVersion) = (page.NextKey, page.NextVersionId);
            }
            while (afterKey is not null);
        }

        return outcome;
    }

    private async Task ScrubAsync(string bucket, ObjectRecord version, ScrubOutcome outcome, Action<string, ObjectRecord, string>? report, CancellationToken cancellationToken)
    {
        outcome.CheckedVersions++;
        string? damage;
        try
        {
            using var reader = await store.OpenAsync(bucket, version.Key, version.VersionId, cancellationToken).ConfigureAwait(false);
            if (reader is null)
                return; // removed meanwhile
            uint found = await ComputeAsync(reader, outcome, cancellationToken).ConfigureAwait(false);
            damage = await store.KeepChecksumAsync(bucket, reader.Record, found, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.DataCorrupted)
        {
            damage = error.Message;
        }

        if (damage is null)
            return;
        outcome.DamagedVersions++;
        report?.Invoke(bucket, version, damage);
    }

    private async Task<uint> ComputeAsync(ObjectReader reader, ScrubOutcome outcome, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Clamp(reader.Record.SizeBytes, 1, BufferBytes)];
        uint checksum = 0;
        for (long offset = 0; offset < reader.Record.SizeBytes;)
        {
            long start = time.GetTimestamp();
            int read = reader.Read(buffer, offset);
            checksum = Crc32C.Append(checksum, buffer.AsSpan(0, read));
            offset += read;
            outcome.ReadBytes += read;
            if (bytesPerSecond is { } rate && TimeSpan.FromSeconds((double)read / rate) - time.GetElapsedTime(start) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
        }

        return checksum;
    }
}

/// <summary>What a scrub found.</summary>
public sealed class ScrubOutcome
{
    /// <summary>Versions looked at.</summary>
    public long CheckedVersions { get; internal set; }

    /// <summary>Bytes read.</summary>
    public long ReadBytes { get; internal set; }

    /// <summary>Versions that are damaged.</summary>
    public long DamagedVersions { get; internal set; }
}
