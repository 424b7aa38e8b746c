using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Authentication;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Idempotency;
using Tarn.Catalog.Rest.Planning;
using Tarn.Catalog.Rest.Tables;
using Tarn.Core.Tasks;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Operations;

/// <summary>What every operation works with.</summary>
/// <param name="Warehouses">The catalogs.</param>
/// <param name="Tokens">Bearer tokens.</param>
/// <param name="Authenticator">Proves who sent a request.</param>
/// <param name="Idempotency">What was answered to requests that may come again.</param>
/// <param name="DataAccess">How clients reach the files of tables.</param>
/// <param name="Plans">Scans that are being planned.</param>
/// <param name="Snapshots">Metadata with fewer snapshots.</param>
/// <param name="Changes">Changes that are tried again when others were faster.</param>
/// <param name="Telemetry">What is measured.</param>
/// <param name="Options">Settings.</param>
/// <param name="Time">The clock.</param>
internal sealed record RestServices(
    IWarehouses Warehouses, AccessTokenService Tokens, RequestAuthenticator Authenticator, IdempotencyStore Idempotency,
    DataAccess DataAccess, PlanStore Plans, SnapshotFilter Snapshots, ContendedChanges Changes, CatalogTelemetry Telemetry, CatalogOptions Options, TimeProvider Time);
