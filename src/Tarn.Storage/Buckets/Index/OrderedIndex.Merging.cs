using System.Collections.Immutable;
using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets.Index;

internal sealed partial class OrderedIndex
{
    private Task _merge = Task.CompletedTask;

    /// <summary>Why the last merge failed; null when it did not. Nothing depends on a merge but speed.</summary>
    public Exception? MergeFailure { get; private set; }

    /// <summary>How many of the newest segments to merge: a run in which none is much larger than all newer ones together; 0 for none.</summary>
    public static int ChooseMerge(IReadOnlyList<long> sizesNewestFirst)
    {
        if (sizesNewestFirst.Count > IndexLimits.Segments)
            return sizesNewestFirst.Count;
        long total = 0;
        int run = 0;
        foreach (long size in sizesNewestFirst)
        {
            if (run > 0 && size > 2 * total)
                break;
            total += size;
            run++;
        }

        return run >= IndexLimits.MergedSegments ? run : 0;
    }

    private void StartMergeWhenDue()
    {
        lock (_viewGate)
        {
            int count = ChooseMerge([.. _view.Segments.Select(s => s.SizeBytes)]);
            if (count == 0 || !_merge.IsCompleted || _isClosed)
                return;
            var run = _view.Segments[..count];
            _merge = Task.Run(() => Merge(run));
        }
    }

    private void Merge(ImmutableArray<Segment> run)
    {
        try
        {
            bool isWhole = _view.Segments[^1] == run[^1];
            using var entries = new MergedCursor([.. run.Select(s => s.RentCursor())], showsRemoved: true);
            var merged = WriteSegment(TakeNumber(), entries, keepsRemoved: !isWhole);
            Replace(run, merged);
            MergeFailure = null;
        }
        catch (Exception error)
        {
            MergeFailure = error;
        }
    }

    private void Replace(ImmutableArray<Segment> run, Segment merged)
    {
        lock (_viewGate)
        {
            int at = _view.Segments.IndexOf(run[0]);
            var segments = _view.Segments.RemoveRange(at, run.Length).Insert(at, merged);
            Publish(_manifest with { Segments = [.. segments.Select(s => s.Number)] });
            _view = _view with { Segments = segments };
        }

        foreach (var segment in run)
            _folder.Disk.DeleteFile(_folder.Segment(segment.Number));
    }

    private async Task FinishBackgroundAsync()
    {
        await _flush.ConfigureAwait(false);
        await _merge.ConfigureAwait(false);
    }
}
