using Tarn.Core.Storage;

namespace Tarn.Engine.Ingest;

/// <summary>Standard input as a file: its format and types are found by reading it more than once.</summary>
internal static class StandardInput
{
    /// <summary>The source that stands for it.</summary>
    public const string Source = "-";

    /// <summary>Writes all of it to a temporary file, which goes when the result is disposed.</summary>
    public static async Task<StagedFile> SpoolAsync(IObjectStore store, Func<Stream> open, CancellationToken cancellationToken)
    {
        var staged = store.Stage(".input");
        try
        {
            await using var input = open();
            await using var file = File.Create(staged.Path);
            // A pipe on which nothing comes cannot be interrupted, only left waiting.
            await input.CopyToAsync(file, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }
}
