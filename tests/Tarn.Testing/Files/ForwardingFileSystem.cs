using Tarn.Core.Files;

namespace Tarn.Testing.Files;

/// <summary>A file system that passes everything on; tests override what should go wrong.</summary>
public abstract class ForwardingFileSystem(IFileSystem? inner = null) : IFileSystem
{
    protected IFileSystem Inner { get; } = inner ?? PhysicalFileSystem.Instance;

    public virtual IFileHandle OpenRead(string path) => Inner.OpenRead(path);

    public virtual IFileHandle OpenWrite(string path) => Inner.OpenWrite(path);

    public virtual IFileHandle CreateNew(string path) => Inner.CreateNew(path);

    public virtual void SyncFile(string path) => Inner.SyncFile(path);

    public virtual FileStat? Stat(string path) => Inner.Stat(path);

    public virtual string? RealPath(string path) => Inner.RealPath(path);

    public virtual IReadOnlyList<FileStat> Enumerate(string folder) => Inner.Enumerate(folder);

    public virtual bool CreateFolder(string path) => Inner.CreateFolder(path);

    public virtual void Rename(string from, string to, bool replace) => Inner.Rename(from, to, replace);

    public virtual void DeleteFile(string path) => Inner.DeleteFile(path);

    public virtual void DeleteFolder(string path) => Inner.DeleteFolder(path);

    public virtual void SyncFolder(string path) => Inner.SyncFolder(path);

    public virtual IDisposable? TryLock(string path, string holder) => Inner.TryLock(path, holder);

    public virtual string ReadLockHolder(string path) => Inner.ReadLockHolder(path);

    public virtual long Copy(string from, IFileHandle to, long offset) => Inner.Copy(from, to, offset);

    public virtual long FreeBytes(string path) => Inner.FreeBytes(path);
}
