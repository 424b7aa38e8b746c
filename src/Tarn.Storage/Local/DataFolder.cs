using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Local;

/// <summary>
/// The folder that holds a lake: <c>tarn.json</c> (format version, warehouse location), the bucket <c>lake</c>, and the dot-folders of the
/// metastore and of staged files. Any number of processes use it at once; no lock is held on the folder as a whole, commits take turns
/// under the metastore's own lock.
/// </summary>
/// <param name="Path">Absolute path.</param>
/// <param name="WarehouseLocation">Under which location tables are created, without trailing slash: <c>s3://lake</c> or <c>file:///…</c>.</param>
public sealed record DataFolder(string Path, string WarehouseLocation)
{
    /// <summary>The newest format that this program reads and writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>Name of the file that makes a folder a data folder.</summary>
    public const string MarkerName = "tarn.json";

    /// <summary>Warehouse location of data folders created without saying one.</summary>
    public const string DefaultWarehouse = "s3://" + LocalObjectStore.LakeBucket;

    private const string MetastoreName = ".metastore", TemporaryPrefix = MarkerName + ".";

    /// <summary>Folder of the commit log.</summary>
    public string MetastoreFolder => System.IO.Path.Join(Path, MetastoreName);

    /// <summary>The folders of data files and of files that are being written: all that an engine needs to touch.</summary>
    public IReadOnlyList<string> DataDirectories => [System.IO.Path.Join(Path, LocalObjectStore.LakeBucket), System.IO.Path.Join(Path, StagingArea.FolderName), System.IO.Path.Join(Path, Cache.DiskCache.FolderName)];

    /// <summary>Opens a data folder for commands that only read; creates nothing.</summary>
    /// <param name="path">Where.</param>
    /// <param name="warehouseLocation">What the folder must have as its location, or null when that does not matter.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <returns>The folder, or null when there is none at this path.</returns>
    /// <exception cref="TarnException">Unsupported for a newer format, DataCorrupted for a damaged marker, InvalidRequest for another kind of folder or one that has another warehouse location.</exception>
    public static DataFolder? OpenExisting(string path, string? warehouseLocation = null, IFileSystem? files = null)
    {
        files ??= PhysicalFileSystem.Instance;
        string full = Full(path);
        return Guard(full, "Cannot open the data folder", () => ReadMarker(files, full) ?? RequireForeignFree(files, full))?.Agreeing(warehouseLocation?.TrimEnd('/'));
    }

    /// <summary>Opens a data folder, creating it when there is none. Several processes may do so at once.</summary>
    /// <param name="path">Where; missing parent folders are created.</param>
    /// <param name="warehouseLocation">Where tables of a new data folder go; null for <see cref="DefaultWarehouse"/>. An existing folder must agree.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <exception cref="TarnException">As <see cref="OpenExisting"/>; InvalidRequest when the existing folder has another warehouse location.</exception>
    public static DataFolder OpenOrCreate(string path, string? warehouseLocation = null, IFileSystem? files = null)
    {
        files ??= PhysicalFileSystem.Instance;
        string full = Full(path);
        string? warehouse = warehouseLocation?.TrimEnd('/');
        var folder = Guard(full, "Cannot open the data folder", () => ReadMarker(files, full))
            ?? Guard(full, "Cannot create the data folder", () => Create(files, full, warehouse ?? DefaultWarehouse));
        return folder.Agreeing(warehouse);
    }

    private DataFolder Agreeing(string? warehouse) => warehouse is null || warehouse == WarehouseLocation
        ? this
        : throw TarnException.Invalid($"The data folder '{Path}' keeps its tables under '{WarehouseLocation}', not '{warehouse}'; leave the warehouse location away or use another data folder.");

    private static string Full(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    private static T Guard<T>(string path, string what, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, what, path);
        }
    }

    private static DataFolder Create(IFileSystem files, string path, string warehouse)
    {
        RequireForeignFree(files, path);
        RequireWarehouse(warehouse);
        var folders = new DurableFolders(files);
        folders.Ensure(System.IO.Path.Join(path, LocalObjectStore.LakeBucket));
        folders.Ensure(System.IO.Path.Join(path, MetastoreName));
        string temporary = System.IO.Path.Join(path, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        using (var file = files.CreateNew(temporary))
        {
            file.Write(DataFolderMarker.Write(warehouse), 0);
            file.Sync();
        }

        try
        {
            files.Rename(temporary, System.IO.Path.Join(path, MarkerName), replace: false);
        }
        catch (IOException error) when (FileErrors.IsAlreadyThere(error))
        {
            // Another process created the folder in the same moment; its marker counts.
            files.DeleteFile(temporary);
        }

        files.SyncFolder(path);
        return ReadMarker(files, path) ?? throw TarnException.Corrupted($"'{path}' lost its {MarkerName} while it was being created.");
    }

    private static DataFolder? ReadMarker(IFileSystem files, string path)
    {
        string marker = System.IO.Path.Join(path, MarkerName);
        return WholeFile.Read(files, marker) is { } content ? new DataFolder(path, DataFolderMarker.Read(content, marker)) : null;
    }

    // A folder with anything else inside is somebody's: putting a lake there would be a surprise.
    private static DataFolder? RequireForeignFree(IFileSystem files, string path)
    {
        if (files.Stat(path) is not { } stat)
            return null;
        if (!stat.IsFolder)
            throw TarnException.Invalid($"'{path}' is a file; the data folder must be a folder.");
        if (files.Enumerate(path).FirstOrDefault(e => !IsOwn(e.Path)) is { } foreign)
            throw TarnException.Invalid($"'{path}' is not a data folder of Tarn ({MarkerName} is missing) and holds other things, e.g. '{foreign.Path}'; choose an empty or new folder with --data.");
        return null;
    }

    // What a creation that was interrupted, or runs at this moment, leaves.
    private static bool IsOwn(string name) =>
        name is MarkerName or LocalObjectStore.LakeBucket or MetastoreName or StagingArea.FolderName || name.StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    private static void RequireWarehouse(string warehouse)
    {
        bool isBucket = warehouse == DefaultWarehouse || warehouse.StartsWith(DefaultWarehouse + "/", StringComparison.Ordinal);
        bool isLocal = warehouse.StartsWith("file:///", StringComparison.Ordinal) && warehouse.Length > "file:///".Length;
        if (!isBucket && !isLocal)
            throw TarnException.Invalid($"Warehouse location '{warehouse}' is neither '{DefaultWarehouse}' (or below it) nor an absolute 'file:///…' location.");
    }
}
