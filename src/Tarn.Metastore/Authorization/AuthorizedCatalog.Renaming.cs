using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Renaming: rights are given on names, so a new name must give the caller none that the old one did not.</content>
public sealed partial class AuthorizedCatalog
{
    private static readonly string[] s_onTables = [CatalogActions.GetTable, CatalogActions.ReadData, CatalogActions.WriteData, CatalogActions.CommitTable, CatalogActions.DropTable];
    private static readonly string[] s_onViews = [CatalogActions.GetView, CatalogActions.CommitView, CatalogActions.DropView];

    private async ValueTask RequireRenameAsync(string rename, IReadOnlyList<string> rights, TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken)
    {
        await RequireAsync(rename, from, cancellationToken).ConfigureAwait(false);
        await RequireAsync(rename, to, cancellationToken).ConfigureAwait(false);
        string old = CatalogResource.Of(warehouse, from), next = CatalogResource.Of(warehouse, to);
        foreach (string right in rights)
        {
            if (await MayAsync(right, next, cancellationToken).ConfigureAwait(false) && !(await DecideAsync(right, old, cancellationToken).ConfigureAwait(false)).IsAllowed)
                throw new TarnException(ErrorKind.PermissionDenied, $"{session.Caller?.Arn} is not authorized to perform {right} on {old}, and would be on {next}: a rename gives no rights. Attach a policy that allows it under the old name too, or rename in the name of somebody who may.");
        }
    }
}
