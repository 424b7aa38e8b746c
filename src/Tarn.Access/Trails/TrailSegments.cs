using System.Globalization;
using Tarn.Core.Files;

namespace Tarn.Access.Trails;

/// <summary>
/// The files of a trail: <c>NAME-TIME-NUMBER-PLACE.ndjson</c>, closed at a size. Names sort by the time of their first event. Each process
/// that writes holds a place of its own (<c>PLACE.lock</c>) and goes on with the newest file of that place, so that processes at once never share a
/// file and commands one after another do not leave a file each.
/// </summary>
/// <param name="folder">Folder of the trail, absolute; created when missing.</param>
/// <param name="name">What names of files begin with.</param>
/// <param name="options">Sizes.</param>
/// <param name="time">The clock.</param>
internal sealed class TrailSegments(string folder, string name, TrailOptions options, TimeProvider time) : IDisposable
{
    private const string Suffix = ".ndjson", LockSuffix = ".lock", TimeFormat = "yyyyMMdd'T'HHmmssfff";

    private const char PlacePrefix = 'p';

    /// <summary>Processes that may write one trail at once.</summary>
    private const int MaxPlaces = 256;

    private FileStream? _file;
    private (string Name, IDisposable Held)? _place;

    /// <summary>Appends whole lines.</summary>
    /// <returns>How many segments were removed to stay within the limit.</returns>
    /// <exception cref="IOException">The lines, or a part of them, could not be written.</exception>
    public int Append(ReadOnlySpan<byte> lines)
    {
        int removed = 0;
        if (_file is { } full && full.Length >= options.SegmentBytes)
            Close();
        if (_file is null)
        {
            _file = Open();
            // A file that is begun makes room, also in commands that end before it is full.
            if (_file.Length == 0)
                removed = RemoveOldest();
        }

        long before = _file.Length;
        try
        {
            _file.Write(lines);
            _file.Flush();
        }
        catch (IOException)
        {
            TakeBack(before);
            throw;
        }

        return removed;
    }

    /// <summary>Makes what was appended survive a power cut.</summary>
    public void Sync() => _file?.Flush(flushToDisk: true);

    /// <summary>Segments of a folder, oldest first.</summary>
    public static IReadOnlyList<string> List(string folder, string name) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, $"{name}-*{Suffix}").Order(StringComparer.Ordinal)]
        : [];

    public void Dispose()
    {
        Close();
        _place?.Held.Dispose();
        _place = null;
    }

    private void Close()
    {
        _file?.Flush(flushToDisk: true);
        _file?.Dispose();
        _file = null;
    }

    // Half a line at the end would swallow the next one; without a way back a new segment is begun.
    private void TakeBack(long length)
    {
        try
        {
            _file!.SetLength(length);
        }
        catch (IOException)
        {
            _file!.Dispose();
            _file = null;
        }
    }

    private FileStream Open()
    {
        OwnerOnlyFile.EnsureFolder(folder);
        string place = (_place ??= TakePlace()).Name;
        return TryContinue(place) ?? Create(place);
    }

    private (string Name, IDisposable Held) TakePlace()
    {
        var taken = NumberedLock.TryTakeFirst(PhysicalFileSystem.Instance, MaxPlaces, i => Path.Join(folder, NameOf(i) + LockSuffix))
            ?? throw new IOException($"All {MaxPlaces} places of the trail '{folder}' are in use by running programs.");
        return (NameOf(taken.Number), taken.Held);

        static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{PlacePrefix}{number:D3}");
    }

    private FileStream? TryContinue(string place)
    {
        if (List(folder, name).LastOrDefault(f => PlaceOf(f) == place) is not { } newest || new FileInfo(newest).Length >= options.SegmentBytes)
            return null;
        try
        {
            var file = new FileStream(newest, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 });
            EndLine(file);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string PlaceOf(string segment) => Path.GetFileNameWithoutExtension(segment).Split('-')[^1];

    // A process that was killed may have left half a line, which must not swallow the next one.
    private static void EndLine(FileStream file)
    {
        if (file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
    }

    private FileStream Create(string place)
    {
        var open = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(NextPath(place), open);
        PhysicalFileSystem.Instance.SyncFolder(folder);
        return file;
    }

    private string NextPath(string place)
    {
        string begun = time.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        int number = 0;
        // Within a millisecond, and when the clock went back, the name still sorts behind all that are there.
        if (List(folder, name) is [.., var newest] && Path.GetFileNameWithoutExtension(newest).Split('-') is [_, var before, var last, ..]
            && string.CompareOrdinal(before, begun) >= 0 && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int present))
            (begun, number) = (before, present + 1);
        return Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{begun}-{number:D6}-{place}{Suffix}"));
    }

    private int RemoveOldest()
    {
        if (options.RetainedBytes == 0)
            return 0;
        var segments = List(folder, name).Select(p => new FileInfo(p)).Where(f => f.Exists).ToList();
        // The newest one of a place may be somebody's who writes now. Files of an older Tarn end with a number, and nobody goes on with them.
        var newest = segments.Where(f => PlaceOf(f.Name).StartsWith(PlacePrefix)).GroupBy(f => PlaceOf(f.Name)).Select(g => g.Last().Name).ToHashSet();
        long total = segments.Sum(f => f.Length);
        int removed = 0;
        foreach (var oldest in segments.Where(f => !newest.Contains(f.Name)))
        {
            if (total <= options.RetainedBytes)
                break;
            total -= oldest.Length;
            oldest.Delete();
            removed++;
        }

        return removed;
    }
}
