using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Cache;

/// <summary>
/// A numbered folder below the cache folder, held by one process: the first free one is taken, so that programs which run one after
/// another share what they fetched, and programs which run at once never remove each other's files.
/// </summary>
internal sealed class CacheSlot : IDisposable
{
    private const int SlotLimit = 64;
    private const string LockName = "lock";
    private readonly IDisposable _held;

    private CacheSlot(string folder, IDisposable held)
    {
        Folder = folder;
        _held = held;
    }

    /// <summary>Absolute path of the folder; it exists.</summary>
    public string Folder { get; }

    /// <exception cref="TarnException">ResourceExhausted when all slots are in use; errors of the disk.</exception>
    public static CacheSlot Take(string root, IFileSystem files)
    {
        try
        {
            new DurableFolders(files).Ensure(root);
            if (NumberedLock.TryTakeFirst(files, SlotLimit, i => Path.Join(FolderOf(i), LockName)) is { } slot)
                return new CacheSlot(FolderOf(slot.Number), slot.Held);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot open the disk cache", root);
        }

        throw new TarnException(ErrorKind.ResourceExhausted, $"All {SlotLimit} places of the disk cache '{root}' are in use by running programs; end some, or give this one another data folder.");

        string FolderOf(int number)
        {
            string folder = Path.Join(root, number.ToString(CultureInfo.InvariantCulture));
            files.CreateFolder(folder);
            return folder;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
