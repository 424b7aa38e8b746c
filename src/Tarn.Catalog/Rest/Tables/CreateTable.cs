using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/tables</c>: makes a table, or with <c>stage-create</c> says what a later commit would make.</summary>
internal sealed class CreateTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var table = NewTable.Read(call, await call.ReadJsonAsync(cancellationToken));
        TableHandle made;
        try
        {
            table = table with { Properties = await call.Catalog.NewTablePropertiesAsync(table.Name, table.Properties, cancellationToken) };
            string free = await call.Catalog.NewTableLocationAsync(table.Name, cancellationToken);
            var metadata = table.ToMetadata(table.Location ?? free, call.Services.Time.GetUtcNow());
            if (table.IsStaged)
            {
                await RequireFreeAsync(call, table.Name, cancellationToken);
                if (call.Catalog is IDataAccess access)
                    await access.RequireCreationAsync(table.Name, metadata, cancellationToken);
                return TableAnswer.Staged(metadata, await call.Services.DataAccess.DescribeStagedAsync(call, table.Name, metadata, cancellationToken));
            }

            var commit = new TableCommit(table.Name, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata));
            made = (await call.Catalog.CommitAsync([commit], cancellationToken))[0];
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw RestException.NoSuchNamespace(table.Name.Namespace);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByTableAsync(call, table.Name, error, cancellationToken);
        }

        return await MadeTable.AnswerAsync(call, made, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) => MadeTable.ReplayAsync(call, applied, cancellationToken);

    // What a name stands for is not asked in the name of the caller, who may have no more than the right to create.
    private static async ValueTask RequireFreeAsync(RestCall call, TableIdentifier name, CancellationToken cancellationToken)
    {
        bool isTaken = call.Catalog is IDataAccess access
            ? await access.IsTakenAsync(name, cancellationToken)
            : await call.Catalog.LoadTableAsync(name, cancellationToken) is not null || await call.Catalog.LoadViewAsync(name, cancellationToken) is not null;
        if (isTaken)
            throw TarnException.AlreadyExists($"'{name}' exists already.");
    }
}
