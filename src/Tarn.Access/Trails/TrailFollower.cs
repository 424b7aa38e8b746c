using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tarn.Access.Trails;

/// <summary>Reads the lines that are in a trail and that come to it, also while they are being written. Used by one caller at a time.</summary>
/// <param name="folder">Folder of the trail.</param>
/// <param name="name">What names of its files begin with.</param>
/// <param name="maxLineBytes">The longest line, in bytes without its end: what is longer is damage, as a torn line is, and left out.</param>
public sealed class TrailFollower(string folder, string name, int maxLineBytes = TrailFollower.MaxLineBytes)
{
    /// <summary>The longest line where nobody says otherwise: events have some kilobytes.</summary>
    public const int MaxLineBytes = 1 << 20;

    private const int BufferBytes = 64 << 10;

    private readonly Dictionary<string, Place> _read = new(StringComparer.Ordinal);

    /// <summary>
    /// The whole lines that were not given yet, segment by segment; within a segment in the order of writing. Half a line waits for its rest. After a write that
    /// failed midway and was taken back, lines may be given twice.
    /// </summary>
    /// <param name="since">Segments that were written last before this are left out; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<string> ReadNewAsync(DateTimeOffset? since = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var segments = TrailSegments.List(folder, name);
        foreach (string removed in _read.Keys.Except(segments).ToList())
            _read.Remove(removed);
        foreach (string segment in segments)
        {
            var found = new FileInfo(segment);
            // Most segments are full and stay as they are: they are not opened.
            if (!found.Exists || found.Length == _read.GetValueOrDefault(segment).Seen || (since is { } first && found.LastWriteTimeUtc < first.UtcDateTime))
                continue;
            await foreach (string line in ReadSegmentAsync(segment, cancellationToken).ConfigureAwait(false))
                yield return line;
        }
    }

    private async IAsyncEnumerable<string> ReadSegmentAsync(string segment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = TryOpen(segment);
        if (file is null)
            yield break;
        var place = StartOf(file, _read.GetValueOrDefault(segment));
        file.Seek(place.At, SeekOrigin.Begin);
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        for (bool isEnd = false; !isEnd;)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                rest = rest.Slice(line.Length + 1);
                bool isWhole = !place.IsInLongLine && line.Length <= maxLineBytes;
                _read[segment] = place = place.Behind(line.Length + 1) with { IsInLongLine = false };
                if (isWhole)
                    yield return Encoding.UTF8.GetString(line);
            }

            if (place.IsInLongLine || rest.Length > maxLineBytes)
            {
                place = place.Behind(rest.Length) with { IsInLongLine = true };
                rest = rest.Slice(rest.End);
            }

            _read[segment] = place with { Seen = place.At + rest.Length };
            isEnd = result.IsCompleted;
            reader.AdvanceTo(rest.Start, rest.End);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Where to go on in a segment: a writer whose write failed takes it back, also lines of it that were given, and writes others there.</summary>
    private static Place StartOf(FileStream file, Place place)
    {
        if (place.IsInLongLine ? place.At <= file.Length : IsLineStart(file, place.At))
            return place with { Before = place.At };
        return IsLineStart(file, place.Before) ? new Place(place.Before, place.Before, 0, false) : default;
    }

    private static bool IsLineStart(FileStream file, long at)
    {
        if (at == 0 || at > file.Length)
            return at == 0;
        file.Seek(at - 1, SeekOrigin.Begin);
        return file.ReadByte() == '\n';
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

    /// <summary>How far a segment was read, in bytes.</summary>
    /// <param name="At">Behind the last line that was given.</param>
    /// <param name="Before">Where the reading before went on: what a failed write takes back lies behind it.</param>
    /// <param name="Seen">Length of the segment, half a line at its end included.</param>
    /// <param name="IsInLongLine">Whether <paramref name="At"/> is inside of a line that is too long.</param>
    private readonly record struct Place(long At, long Before, long Seen, bool IsInLongLine)
    {
        public Place Behind(long bytes) => this with { At = At + bytes, Seen = At + bytes };
    }
}
