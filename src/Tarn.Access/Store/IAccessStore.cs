using Tarn.Core.Errors;

namespace Tarn.Access.Store;

/// <summary>
/// Where identities and policies are kept: named JSON documents that change together or not at all. Implementations know nothing of what
/// the documents say.
/// </summary>
public interface IAccessStore
{
    /// <summary>The newest documents: at least as new as every change acknowledged, to anyone, before the call. Cheap while nothing changes.</summary>
    /// <exception cref="TarnException">DataCorrupted when the store is damaged, Unavailable when it cannot be read.</exception>
    ValueTask<AccessRecords> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes documents, all at once, if nobody else has changed any since they were read. Durable and visible to everybody when it returns.</summary>
    /// <param name="principal">Who changes them, for history.</param>
    /// <param name="expectedVersion"><see cref="AccessRecords.Version"/> of what the changes were decided on.</param>
    /// <param name="changes">At least one.</param>
    /// <param name="cancellationToken">Cancels until the change is being written.</param>
    /// <exception cref="CommitConflictException">Somebody else was first; read again and decide afresh.</exception>
    /// <exception cref="CommitStateUnknownException">The changes may or may not stand; read again to learn which.</exception>
    ValueTask CommitAsync(string principal, long expectedVersion, IReadOnlyList<AccessRecordChange> changes, CancellationToken cancellationToken = default);
}
