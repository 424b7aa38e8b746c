namespace Tarn.Engine.Ingest;

/// <summary>
/// Checks packed files beside their reading: the engine takes what is there of a file that is cut off for the whole. Disposing ends the look.
/// </summary>
internal sealed class PackedSources : IAsyncDisposable
{
    private const long SmallBytes = 64 << 20;

    private readonly CancellationTokenSource ended;
    private readonly IReadOnlyList<PackedFile> files;
    private readonly Task whole;
    private bool isDisposed;

    private PackedSources(IReadOnlyList<PackedFile> files, CancellationToken cancellationToken)
    {
        this.files = files;
        ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = ended.Token;
        whole = files.Count == 0 ? Task.CompletedTask : Task.Run(() => RequireWhole(files, token), token);
    }

    /// <summary>Starts to look through all files to their ends.</summary>
    public static PackedSources Check(IReadOnlyList<PackedFile> files, CancellationToken cancellationToken) => new(files, cancellationToken);

    /// <summary>Waits until all files are looked through.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted, naming the file that is damaged or cut off.</exception>
    public Task RequireWholeAsync() => whole;

    /// <summary>
    /// Says what is wrong with the files where that may explain an error: what is wrong at the end of a file that is cut off is not the line's
    /// fault. Looking for the end of a large one would hold the message back.
    /// </summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted, naming the file that is damaged or cut off.</exception>
    public Task ExplainAsync() => whole.IsFaulted || files.Sum(f => f.SizeBytes) <= SmallBytes ? whole : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        await ended.CancelAsync().ConfigureAwait(false);
        await whole.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private static void RequireWhole(IReadOnlyList<PackedFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
            file.RequireWhole(cancellationToken);
    }
}
