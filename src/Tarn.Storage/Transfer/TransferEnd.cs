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

    /// <summary>Whether another place is this one or lies inside it, by their names: links, and two names of one service, are not seen.</summary>
    public abstract bool Contains(TransferEnd other);

    /// <summary>The file or object itself, or null when there is none.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract ValueTask<TransferItem?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Everything below, in order of names.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract IAsyncEnumerable<TransferItem> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes the file or object itself.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    public abstract ValueTask DeleteAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Copies the file or object of <paramref name="source"/> here and removes it there, unless it was written meanwhile: also by this very copy, when both places
    /// are one object or file that has two names.
    /// </summary>
    /// <param name="source">Itself a file or object.</param>
    /// <param name="item">What <see cref="FindAsync"/> or <see cref="ListAsync"/> told of it.</param>
    /// <param name="moved">Told the bytes that have been moved; may be called by several threads.</param>
    /// <param name="cancellationToken">Cancels; the source stays.</param>
    /// <exception cref="TarnException">As for copies; Conflict when the source stays because it was written, or seems to be the target.</exception>
    public virtual async ValueTask MoveFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken)
    {
        string? before = await source.ReadStateAsync(cancellationToken).ConfigureAwait(false);
        await CopyFromAsync(source, item, moved, cancellationToken).ConfigureAwait(false);
        if (await IsSeenAtAsync(source, cancellationToken).ConfigureAwait(false))
            throw new TarnException(ErrorKind.Conflict, $"'{source.Text}' and '{Text}' seem to be one object, whose service has two names. Nothing was removed; if they are two, remove the first with 'tarn s3 rm'.");
        if (await source.ReadStateAsync(cancellationToken).ConfigureAwait(false) != before)
            throw new TarnException(ErrorKind.Conflict, $"'{source.Text}' was written while it was moved to '{Text}', and stays; move it again if it should go.");
        await source.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A text that is another one when the file or object was written again; null when there is none.</summary>
    /// <exception cref="TarnException">The place cannot be reached.</exception>
    protected abstract ValueTask<string?> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Whether what was just written here is what another place shows.</summary>
    /// <exception cref="TarnException">One of the places cannot be reached.</exception>
    protected virtual ValueTask<bool> IsSeenAtAsync(TransferEnd other, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <summary>Copies the file or object of <paramref name="source"/> here, whole or not at all; one that is here is replaced.</summary>
    /// <param name="source">Itself a file or object.</param>
    /// <param name="item">What <see cref="FindAsync"/> or <see cref="ListAsync"/> told of it.</param>
    /// <param name="moved">Told the bytes that have been moved; may be called by several threads.</param>
    /// <param name="cancellationToken">Cancels; nothing of the copy stays.</param>
    /// <exception cref="TarnException">One of the places cannot be reached or written.</exception>
    public abstract ValueTask CopyFromAsync(TransferEnd source, TransferItem item, Action<long> moved, CancellationToken cancellationToken);
}
