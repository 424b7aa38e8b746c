using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Files;

/// <summary>Reads failures of the disk under the store. A file or folder of its own that is missing is no object that is missing: the store is gone.</summary>
internal static class StoreErrors
{
    private const string Gone = "the data folder is gone or incomplete. Bring it back or mount it again, and start the server again.";

    /// <summary>As <see cref="FileErrors.Translate"/>, and Unavailable where something of the store does not exist.</summary>
    public static TarnException Translate(Exception error, string what, string path)
    {
        var translated = FileErrors.Translate(error, what, path);
        return translated.Kind != ErrorKind.NotFound ? translated
            : new TarnException(ErrorKind.Unavailable, $"{what}: '{path}' does not exist; {Gone}", error) { ClientMessage = $"{what}: {Gone}" };
    }
}
