using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Transfer;

/// <summary>
/// Registers in one catalog what another one has, without copying data: both name the same metadata files from then on. Namespaces are made where they are
/// missing. What has the name already stays as it is, so that the same call again goes on where the last one ended.
/// </summary>
/// <param name="source">Where names come from.</param>
/// <param name="target">Where they are registered; it must be able to read the metadata files.</param>
public sealed class CopyRegistrations(IRegistrationSource source, ICatalog target)
{
    // Where new tables go is each catalog's own: a namespace of the target does not lie in the source's folders.
    private const string Location = "location";

    private readonly HashSet<Namespace> _made = [Namespace.Root];

    /// <summary>Goes through the source.</summary>
    /// <param name="below">The namespace of the source, with everything below it; the root for all.</param>
    /// <param name="isDryRun">Changes nothing and says what would be.</param>
    /// <param name="cancellationToken">Cancels; what was registered stays.</param>
    /// <returns>One entry for each name, as soon as it is done.</returns>
    /// <exception cref="TarnException">A catalog cannot be reached or refuses everything. What is wrong with one name is an outcome instead.</exception>
    public async IAsyncEnumerable<Registration> RunAsync(Namespace below, bool isDryRun, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var found in source.ReadAsync(below, cancellationToken).ConfigureAwait(false))
        {
            yield return found switch
            {
                { IsForeign: true } => Done(found, RegistrationOutcome.Foreign),
                { Problem: { } problem } => Done(found, RegistrationOutcome.Failed, problem),
                _ => await TakeAsync(found, isDryRun, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    private async ValueTask<Registration> TakeAsync(RegisteredName found, bool isDryRun, CancellationToken cancellationToken)
    {
        try
        {
            if (await PresentAsync(found, cancellationToken).ConfigureAwait(false) is { } present)
                return present;
            if (isDryRun)
                return Done(found, RegistrationOutcome.Planned);
            await MakeAsync(found.Name.Namespace, cancellationToken).ConfigureAwait(false);
            await RegisterAsync(found, cancellationToken).ConfigureAwait(false);
            return Done(found, RegistrationOutcome.Registered);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            return Done(found, RegistrationOutcome.Taken, error.Message);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return Done(found, RegistrationOutcome.Failed, error.Message);
        }
        catch (TarnException error) when ((error.IsAnswer || error is CommitStateUnknownException) && !cancellationToken.IsCancellationRequested)
        {
            if (error is CommitStateUnknownException && await IsThereAsync(found, cancellationToken).ConfigureAwait(false))
                return Done(found, RegistrationOutcome.Registered);
            // Many catalogs answer with a failure of their own to one file that they cannot read.
            if (!await target.AnswersAsync(found.Name.Namespace, cancellationToken).ConfigureAwait(false))
                throw;
            return Done(found, RegistrationOutcome.Failed, error.Message);
        }
    }

    // Whether a registration stands whose answer did not say so.
    private async ValueTask<bool> IsThereAsync(RegisteredName found, CancellationToken cancellationToken)
    {
        try
        {
            return await PresentAsync(found, cancellationToken).ConfigureAwait(false) is { Outcome: RegistrationOutcome.Present };
        }
        catch (TarnException)
        {
            return false;
        }
    }

    // What has the name in the target, or null when it is free.
    private async ValueTask<Registration?> PresentAsync(RegisteredName found, CancellationToken cancellationToken)
    {
        string? table = (await target.LoadTableAsync(found.Name, cancellationToken).ConfigureAwait(false))?.MetadataLocation;
        string? view = table is null ? (await target.LoadViewAsync(found.Name, cancellationToken).ConfigureAwait(false))?.MetadataLocation : null;
        if ((found.IsView ? view : table) == found.MetadataLocation)
            return Done(found, RegistrationOutcome.Present);
        return (table ?? view) is { } other ? Done(found, RegistrationOutcome.Taken, $"A {(table is null ? "view" : "table")} with the metadata file '{other}' has the name.") : null;
    }

    private async ValueTask MakeAsync(Namespace name, CancellationToken cancellationToken)
    {
        if (_made.Contains(name))
            return;
        await MakeAsync(name.Parent, cancellationToken).ConfigureAwait(false);
        if (await target.LoadNamespaceAsync(name, cancellationToken).ConfigureAwait(false) is null)
            await target.CreateNamespaceAsync(name, (await source.PropertiesAsync(name, cancellationToken).ConfigureAwait(false)).Remove(Location), cancellationToken).ConfigureAwait(false);
        _made.Add(name);
    }

    private async ValueTask RegisterAsync(RegisteredName found, CancellationToken cancellationToken)
    {
        if (!found.IsView)
        {
            await target.RegisterTableAsync(found.Name, found.MetadataLocation, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await target.RegisterViewAsync(found.Name, found.MetadataLocation, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.Unsupported && found.View is not null)
        {
            // A view is its definition: where no metadata file can be registered, it is stored anew.
            await target.CommitViewAsync(found.Name, null, found.View!, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Registration Done(RegisteredName found, RegistrationOutcome outcome, string reason = "") => new(found.Name, found.IsView, found.MetadataLocation, outcome, reason);
}
