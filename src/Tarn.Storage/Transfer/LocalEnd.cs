using System.Globalization;
using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Transfer;

/// <summary>A file or folder on the local disk.</summary>
/// <param name="text">The path as the user wrote it.</param>
public sealed class LocalEnd(string text) : TransferEnd
{
    /// <summary>The absolute path.</summary>
    public string FullPath { get; } = Path.GetFullPath(text);

    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override bool IsFolder => Path.EndsInDirectorySeparator(text) || Directory.Exists(FullPath);

    /// <inheritdoc/>
    public override string LastName => Path.GetFileName(Path.TrimEndingDirectorySeparator(FullPath));

    /// <inheritdoc/>
    public override LocalEnd Below(string name)
    {
        string path = Path.GetFullPath(Path.Join(FullPath, name));
        // A key such as ../../etc/passwd must not leave the folder that the user named.
        string folder = Path.EndsInDirectorySeparator(FullPath) ? FullPath : FullPath + Path.DirectorySeparatorChar;
        if (!path.StartsWith(folder, StringComparison.Ordinal) || name.Contains("//", StringComparison.Ordinal) || name.EndsWith('/'))
            throw TarnException.Invalid($"The key '{name}' is no path of a file below '{text}': it can be copied to another bucket, not to a disk.");
        return new LocalEnd(path);
    }

    /// <inheritdoc/>
    public override ValueTask<TransferItem?> FindAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(FullPath);
        return ValueTask.FromResult(file.Exists ? Item("", file) : null);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TransferItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        if (!Directory.Exists(FullPath))
            yield break;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        foreach (var file in new DirectoryInfo(FullPath).EnumerateFiles("*", options).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Item(Path.GetRelativePath(FullPath, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(FullPath);
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot delete '{text}'", FullPath);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CopyFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FullPath)!);
            await UnfinishedFile.WriteAsync(FullPath, async unfinished =>
            {
                if (source is S3End remote)
                {
                    // So that a sync of the way back finds nothing newer here.
                    File.SetLastWriteTimeUtc(unfinished, (await remote.DownloadAsync(item, unfinished, moved, cancellationToken).ConfigureAwait(false)).UtcDateTime);
                    return item;
                }

                File.Copy(((LocalEnd)source).FullPath, unfinished);
                moved(item.SizeBytes);
                return item;
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot write '{text}'", FullPath);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<string?> ReadStateAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(FullPath);
        return ValueTask.FromResult(file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc:O}") : null);
    }

    /// <inheritdoc/>
    public override async ValueTask MoveFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken)
    {
        if (source is LocalEnd local && TryRename(local))
            moved(item.SizeBytes);
        else
            await base.MoveFromAsync(source, item, moved, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override ValueTask<bool> IsSeenAtAsync(TransferEnd other, CancellationToken cancellationToken)
    {
        if (other is not LocalEnd local)
            return ValueTask.FromResult(false);
        // One folder may be mounted at two places, between which a rename is refused as between volumes: then a file of the one is seen at the other.
        string end = UnfinishedFile.NewEnd(), probe = FullPath + end;
        try
        {
            File.WriteAllBytes(probe, []);
            return ValueTask.FromResult(File.Exists(local.FullPath + end));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot write '{text}'", FullPath);
        }
        finally
        {
            PhysicalFileSystem.Instance.DeleteFile(probe);
        }
    }

    // False between two volumes. A rename leaves a file alone that both names lead to.
    private bool TryRename(LocalEnd from)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FullPath)!);
            PhysicalFileSystem.Instance.Rename(from.FullPath, FullPath, replace: true);
            return true;
        }
        catch (IOException error) when (FileErrors.IsOtherVolume(error))
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot move '{from.Text}' to '{text}'", FullPath);
        }
    }

    /// <inheritdoc/>
    public override bool Contains(TransferEnd other) =>
        other is LocalEnd end && AsFolder(end.FullPath).StartsWith(AsFolder(FullPath), StringComparison.Ordinal);

    private static string AsFolder(string path) => Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar;

    private static TransferItem Item(string name, FileInfo file) => new(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
}
