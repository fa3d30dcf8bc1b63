using LakehouseLab.Server.Jobs;
using LakehouseLab.Server.Lakes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace LakehouseLab.Server.Emulations;

/// <summary>The parts of the service that emulations need.</summary>
internal static class EmulationParts
{
    /// <summary>Adds them.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="document">The OpenAPI document's name.</param>
    public static void AddEmulations(this IServiceCollection services, string document)
    {
        services.AddSingleton(static parts => EmulationRegistry.Of(parts.GetRequiredService<JobDatabase>(), parts.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEmulationStates>(static parts => parts.GetRequiredService<EmulationRegistry>());
        services.AddSingleton<IEmulationRunner, EmulatorRunner>();
        services.AddSingleton<EmulationScheduler>();
        services.AddHostedService(static parts => parts.GetRequiredService<EmulationScheduler>());
        services.AddSingleton<EmulationCommands>();
        services.AddSingleton<EmulationLookup>();
        services.AddSingleton<StartConflicts>();
        services.AddSingleton<StartEmulationFields>();
        services.AddSingleton<StartEmulationReader>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, EmulationReports.Default));
        services.Configure<OpenApiOptions>(document, static options => options.AddSchemaTransformer<SettingsDescriptions>());
    }
}
