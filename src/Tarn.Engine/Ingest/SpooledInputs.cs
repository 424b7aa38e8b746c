using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Sources that can be read only once, standard input and pipes, as files in the staging area until this is disposed: formats and types are found by
/// reading more than once.
/// </summary>
internal sealed class SpooledInputs : IDisposable
{
    private readonly Dictionary<string, StagedFile> files = new(StringComparer.Ordinal);

    /// <summary>Reads those of the sources that need it to their ends.</summary>
    public static async Task<SpooledInputs> ReadAsync(IObjectStore store, IngestRequest request, CancellationToken cancellationToken)
    {
        var spooled = new SpooledInputs();
        try
        {
            foreach (string source in request.Sources.Distinct(StringComparer.Ordinal))
            {
                if (await OpenAsync(source, request, cancellationToken).ConfigureAwait(false) is { } input)
                    spooled.files.Add(source, await StandardInput.SpoolAsync(store, () => input, cancellationToken).ConfigureAwait(false));
            }

            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    /// <summary>Where a source was written to; null for one that is a file itself.</summary>
    public string? PathOf(string source) => files.TryGetValue(source, out var file) ? file.Path : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
    }

    // A pipe is gone once it is closed: it is opened once, and only what has no length of its own may be one.
    private static async Task<Stream?> OpenAsync(string source, IngestRequest request, CancellationToken cancellationToken)
    {
        if (source == StandardInput.Source)
            return request.OpenInput();
        if (new FileInfo(source) is not { Exists: true } file || (file.Length > 0 && file.LinkTarget is null))
            return null;
        // Opening a pipe waits for someone who writes to it.
        var opening = Task.Run(() => SourceFile.OpenRead(source), CancellationToken.None);
        try
        {
            var stream = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!stream.CanSeek)
                return stream;
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            await LetGoAsync(opening, source).ConfigureAwait(false);
            throw;
        }
    }

    // Nothing interrupts a thread that waits for a writer but a writer. Who opens a pipe for both does not wait (Linux fifo(7)).
    private static async Task LetGoAsync(Task<FileStream> opening, string source)
    {
        try
        {
            await using var writer = new FileStream(source, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TarnException)
        {
            // Nobody may write it: then the thread waits for whoever does.
            return;
        }
    }
}
