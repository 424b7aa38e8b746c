using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tarn.Access.Trails;

/// <summary>Reads the lines that come to a trail, also while they are being written. Used by one caller at a time.</summary>
/// <param name="folder">Folder of the trail.</param>
/// <param name="name">What names of its files begin with.</param>
public sealed class TrailFollower(string folder, string name)
{
    // How far each segment was read, in bytes.
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);

    /// <summary>The whole lines that were not given yet, segment by segment; within a segment in the order of writing. Half a line waits for its rest.</summary>
    /// <param name="since">Segments that were written last before this are left out; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<string> ReadNewAsync(DateTimeOffset? since = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var segments = TrailSegments.List(folder, name);
        foreach (string removed in _read.Keys.Except(segments).ToList())
            _read.Remove(removed);
        foreach (string segment in segments)
        {
            if (since is { } first && File.GetLastWriteTimeUtc(segment) < first.UtcDateTime)
                continue;
            await foreach (string line in ReadSegmentAsync(segment, cancellationToken).ConfigureAwait(false))
                yield return line;
        }
    }

    private async IAsyncEnumerable<string> ReadSegmentAsync(string segment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long at = _read.GetValueOrDefault(segment);
        await using var file = TryOpen(segment);
        if (file is null || file.Length <= at)
            yield break;
        file.Seek(at, SeekOrigin.Begin);
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        for (bool isEnd = false; !isEnd;)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                rest = rest.Slice(line.Length + 1);
                _read[segment] = at += line.Length + 1;
                yield return Encoding.UTF8.GetString(line);
            }

            isEnd = result.IsCompleted;
            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    // The oldest segments are removed when the trail is full.
    private static FileStream? TryOpen(string segment)
    {
        try
        {
            return new FileStream(segment, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
