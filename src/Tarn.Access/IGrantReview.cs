using Tarn.Core.Errors;

namespace Tarn.Access;

/// <summary>
/// Looks again at what a service has granted, each time that a door is asked for something by it: the credential was given for things as they were, and they
/// change while it is good.
/// </summary>
public interface IGrantReview
{
    /// <summary>Why an action that a credential was granted is refused now; null when the service would grant it still.</summary>
    /// <param name="caller">Acts with what was granted, see <see cref="Caller.IsGranted"/>.</param>
    /// <param name="action">The action, in the words of policies.</param>
    /// <param name="resource">What it is done to, its ARN.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">It cannot be found out; then nothing may be done.</exception>
    ValueTask<string?> FindRefusalAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default);

    /// <summary>Tells the service of a request that was refused for the reason that <see cref="FindRefusalAsync"/> found: what was tried may mean something to it. Questions about what was not tried are not told.</summary>
    /// <param name="caller">As above.</param>
    /// <param name="action">The action.</param>
    /// <param name="resource">What it was to be done to.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask NoteRefusedAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default);
}
