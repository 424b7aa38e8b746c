using Tarn.Core.Errors;

namespace Tarn.Storage.Transfer;

/// <summary>Where files come from or go to: a place on the local disk, or one in a bucket of any S3 service.</summary>
public abstract class TransferEnd
{
    /// <summary>The place as the user wrote it.</summary>
    public abstract string Text { get; }

    /// <summary>Whether the place holds others, by its text (a slash at its end) or because it is a folder.</summary>
    public abstract bool IsFolder { get; }

    /// <summary>The last segment of the place.</summary>
    public abstract string LastName { get; }

    /// <summary>A place below this one.</summary>
    public abstract TransferEnd Below(string name);

    /// <summary>The file or object itself, or null when there is none.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract ValueTask<TransferItem?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Everything below, in order of names.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract IAsyncEnumerable<TransferItem> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes the file or object itself.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract ValueTask DeleteAsync(CancellationToken cancellationToken);

    /// <summary>Copies the file or object of <paramref name="source"/> here, whole or not at all; one that is here is replaced.</summary>
    /// <param name="source">Itself a file or object.</param>
    /// <param name="item">What <see cref="FindAsync"/> or <see cref="ListAsync"/> told of it.</param>
    /// <param name="moved">Told the bytes that have been moved; may be called by several threads.</param>
    /// <param name="cancellationToken">Cancels; nothing of the copy stays.</param>
    /// <exception cref="TarnException">One of the places cannot be reached or written.</exception>
    public abstract ValueTask CopyFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken);
}
