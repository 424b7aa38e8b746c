namespace Tarn.Core.Files;

/// <summary>
/// The first free one of a row of locks. Programs that run one after another get the same number and go on with what lies under it; programs that
/// run at once get one each.
/// </summary>
public static class NumberedLock
{
    /// <summary>Takes the lock of the lowest number that nobody holds.</summary>
    /// <param name="files">Where the lock files lie; their folders exist.</param>
    /// <param name="limit">How many numbers there are, from 0.</param>
    /// <param name="pathOf">Absolute path of the lock file of a number.</param>
    /// <returns>The number and what holds it until disposed; null when all are held.</returns>
    /// <exception cref="IOException">A lock file cannot be made.</exception>
    public static (int Number, IDisposable Held)? TryTakeFirst(IFileSystem files, int limit, Func<int, string> pathOf)
    {
        for (int i = 0; i < limit; i++)
        {
            if (files.TryLock(pathOf(i), ProcessText.Current) is { } held)
                return (i, held);
        }

        return null;
    }
}
