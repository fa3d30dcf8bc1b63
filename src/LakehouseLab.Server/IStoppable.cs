namespace LakehouseLab.Server;

/// <summary>A part of the service that works by itself until it is told to stop.</summary>
internal interface IStoppable
{
    /// <summary>Stops what works. What hangs in a system that is away is left behind: it goes on after the next start.</summary>
    /// <param name="patience">How long it may take to stop in order.</param>
    Task StopAsync(TimeSpan patience);
}
