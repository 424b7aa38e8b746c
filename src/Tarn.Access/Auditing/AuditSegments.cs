using System.Globalization;
using Tarn.Core.Files;

namespace Tarn.Access.Auditing;

/// <summary>
/// The files of the audit trail: <c>audit-TIME-PROCESS.ndjson</c>, appended to by one process at a time and closed at a size. Names sort by the
/// time of their first event. A process goes on with the newest file when nobody else writes it, so that commands do not leave a file each.
/// </summary>
internal sealed class AuditSegments(string folder, AuditOptions options, TimeProvider time) : IDisposable
{
    private const string Prefix = "audit-", Suffix = ".ndjson", TimeFormat = "yyyyMMdd'T'HHmmssfff";

    private readonly string _process = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
    private FileStream? _file;
    private int _number;

    /// <summary>Appends whole lines.</summary>
    /// <returns>How many segments were removed to stay within the limit.</returns>
    /// <exception cref="IOException">The lines, or a part of them, could not be written.</exception>
    public int Append(ReadOnlySpan<byte> lines)
    {
        int removed = 0;
        if (_file is { } full && full.Length >= options.SegmentBytes)
        {
            Close();
            removed = RemoveOldest();
        }

        _file ??= TryContinue() ?? Create();
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
    public static IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, Prefix + "*" + Suffix).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => Close();

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

    private FileStream? TryContinue()
    {
        if (List(folder) is not [.., var newest] || new FileInfo(newest).Length >= options.SegmentBytes)
            return null;
        try
        {
            // Sharing without writers is a lock: while another process writes the file, opening it fails.
            var file = new FileStream(newest, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 });
            EndLine(file);
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A process that was killed may have left half a line, which must not swallow the next one.
    private static void EndLine(FileStream file)
    {
        if (file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
    }

    private FileStream Create()
    {
        Secrets.OwnerOnlyFile.EnsureFolder(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{time.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{_process}-{_number++:D4}{Suffix}");
        var open = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Join(folder, name), open);
        PhysicalFileSystem.Instance.SyncFolder(folder);
        return file;
    }

    private int RemoveOldest()
    {
        if (options.RetainedBytes == 0)
            return 0;
        var segments = List(folder).Select(p => new FileInfo(p)).Where(f => f.Exists).ToList();
        long total = segments.Sum(f => f.Length);
        int removed = 0;
        foreach (var oldest in segments.SkipLast(1))
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
