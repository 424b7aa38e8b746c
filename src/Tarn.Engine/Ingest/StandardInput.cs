using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Ingest;

/// <summary>Standard input as a file: its format and types are found by reading it more than once.</summary>
internal static class StandardInput
{
    /// <summary>Writes all of it to a temporary file, which goes when the result is disposed.</summary>
    /// <exception cref="TarnException">InvalidRequest when there is none.</exception>
    public static async Task<StagedFile> SpoolAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var staged = store.Stage(".input");
        try
        {
            await using var input = Console.OpenStandardInput();
            await using var file = File.Create(staged.Path);
            await input.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }
}
