using Tarn.Core.Files;

namespace Tarn.Testing.Files;

/// <summary>
/// A disk in memory that forgets at a power cut what was not synced: bytes of files, and names whose folder was not synced.
/// What exactly is left is chosen by a seed. Every change is an operation; the power can be cut before any of them.
/// </summary>
public sealed class PowerCutFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly DiskFolder _root;
    private readonly Dictionary<string, string> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private bool _isOff;

    /// <summary>An empty disk.</summary>
    public PowerCutFileSystem()
        : this(new DiskFolder())
    {
    }

    private PowerCutFileSystem(DiskFolder root) => _root = root;

    /// <summary>Changes and syncs carried out so far.</summary>
    public long OperationCount { get; private set; }

    /// <summary>The power goes off instead of the operation with this number (from 1); null never.</summary>
    public long? CutAt { get; set; }

    /// <summary>Whether the power is off.</summary>
    public bool IsOff
    {
        get
        {
            lock (_gate)
                return _isOff;
        }
    }

    /// <summary>Switches the power off: every call fails from now on.</summary>
    public void CutPower()
    {
        lock (_gate)
            _isOff = true;
    }

    /// <summary>The disk as the next start finds it. Switches this one off.</summary>
    public PowerCutFileSystem Reboot(int seed)
    {
        lock (_gate)
        {
            _isOff = true;
            return new PowerCutFileSystem((DiskFolder)_root.AfterCut(new Survival(seed)));
        }
    }

    public IFileHandle OpenRead(string path)
    {
        lock (_gate)
            return new Handle(this, Read(() => FindFile(path)));
    }

    public IFileHandle OpenWrite(string path)
    {
        lock (_gate)
        {
            var (folder, name) = Parent(path);
            return folder.Entries.ContainsKey(name) ? new Handle(this, Read(() => FindFile(path))) : Create(folder, name);
        }
    }

    public IFileHandle CreateNew(string path)
    {
        lock (_gate)
        {
            var (folder, name) = Parent(path);
            return folder.Entries.ContainsKey(name) ? throw FileErrors.Create(FileFailure.AlreadyThere, path) : Create(folder, name);
        }
    }

    public void SyncFile(string path)
    {
        lock (_gate)
        {
            var file = FindFile(path);
            Operate(file.Sync);
        }
    }

    public FileStat? Stat(string path)
    {
        lock (_gate)
            return Read(() => Find(path)) is { } node ? ToStat(path, node) : null;
    }

    public IReadOnlyList<FileStat> Enumerate(string folder)
    {
        lock (_gate)
            return [.. Read(() => FindFolder(folder)).Entries.Select(e => ToStat(e.Key, e.Value))];
    }

    public bool CreateFolder(string path)
    {
        lock (_gate)
        {
            var (parent, name) = Parent(path);
            if (name.Length == 0 || parent.Entries.GetValueOrDefault(name) is DiskFolder)
                return false;
            if (parent.Entries.ContainsKey(name))
                throw FileErrors.Create(FileFailure.AlreadyThere, path);
            Operate(() => parent.Add(name, new DiskFolder()));
            return true;
        }
    }

    public void Rename(string from, string to, bool replace)
    {
        lock (_gate)
        {
            var (source, oldName) = Parent(from);
            var (target, newName) = Parent(to);
            FindFile(from);
            if (target.Entries.TryGetValue(newName, out var present) && (!replace || present is DiskFolder))
                throw FileErrors.Create(FileFailure.AlreadyThere, to);
            Operate(() => Move(source, oldName, target, newName));
        }
    }

    public void DeleteFile(string path)
    {
        lock (_gate)
        {
            if (Read(() => Find(path)) is not DiskFile)
                return;
            var (folder, name) = Parent(path);
            Operate(() => folder.Remove(name));
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_gate)
        {
            if (Read(() => Find(path)) is not DiskFolder { Entries.Count: var count })
                return;
            if (count > 0)
                throw new IOException($"Directory not empty: '{path}'.", 39);
            var (folder, name) = Parent(path);
            Operate(() => folder.Remove(name));
        }
    }

    public void SyncFolder(string path)
    {
        lock (_gate)
        {
            var folder = FindFolder(path);
            Operate(folder.Sync);
        }
    }

    public IDisposable? TryLock(string path, string holder)
    {
        lock (_gate)
        {
            OpenWrite(path).Dispose();
            if (!_held.TryAdd(path, holder))
                return null;
            _holders[path] = holder;
            return new Held(this, path);
        }
    }

    public string ReadLockHolder(string path)
    {
        lock (_gate)
            return _holders.GetValueOrDefault(path, "");
    }

    public long FreeBytes(string path) => long.MaxValue;

    private static void Move(DiskFolder source, string oldName, DiskFolder target, string newName)
    {
        if (ReferenceEquals(source, target))
        {
            source.Rename(oldName, newName);
            return;
        }

        source.MoveTo(target, oldName, newName);
    }

    private Handle Create(DiskFolder folder, string name)
    {
        var file = new DiskFile();
        Operate(() => folder.Add(name, file));
        return new Handle(this, file);
    }

    private T Read<T>(Func<T> read) => _isOff ? throw new PowerCutException() : read();

    private void Operate(Action change)
    {
        if (_isOff || OperationCount + 1 == CutAt)
        {
            _isOff = true;
            throw new PowerCutException();
        }

        OperationCount++;
        change();
    }

    private DiskFile FindFile(string path) => Find(path) as DiskFile ?? throw new FileNotFoundException($"Could not find file '{path}'.", path);

    private DiskFolder FindFolder(string path) => Find(path) switch
    {
        DiskFolder folder => folder,
        DiskFile => throw FileErrors.Create(FileFailure.NotAFolder, path),
        _ => throw new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
    };

    private (DiskFolder Folder, string Name) Parent(string path)
    {
        string[] segments = Segments(path);
        return segments.Length == 0 ? (_root, "") : (FindFolder(string.Join('/', segments[..^1])), segments[^1]);
    }

    private DiskNode? Find(string path)
    {
        DiskNode? node = _root;
        foreach (string segment in Segments(path))
            node = (node as DiskFolder)?.Entries.GetValueOrDefault(segment);
        return node;
    }

    private static string[] Segments(string path) =>
        path.Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(s => !s.EndsWith(':')).ToArray();

    private static FileStat ToStat(string path, DiskNode node) =>
        new(path, node is DiskFolder, node is DiskFile file ? file.LengthBytes : 0, node.LastModified);

    private sealed class Handle(PowerCutFileSystem disk, DiskFile file) : IFileHandle
    {
        public long LengthBytes
        {
            get
            {
                lock (disk._gate)
                    return disk.Read(() => file.LengthBytes);
            }
        }

        public int Read(Span<byte> buffer, long offset)
        {
            lock (disk._gate)
                return disk._isOff ? throw new PowerCutException() : file.Read(buffer, offset);
        }

        public void Write(ReadOnlySpan<byte> content, long offset)
        {
            byte[] copy = content.ToArray();
            lock (disk._gate)
                disk.Operate(() => file.WriteAt(copy, offset));
        }

        public void Truncate(long lengthBytes)
        {
            lock (disk._gate)
                disk.Operate(() => file.Truncate((int)lengthBytes));
        }

        public void Sync()
        {
            lock (disk._gate)
                disk.Operate(file.Sync);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Held(PowerCutFileSystem disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._gate)
                disk._held.Remove(path);
        }
    }
}
