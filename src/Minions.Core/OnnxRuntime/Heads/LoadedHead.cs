using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>An opened head: its decoder, what it reads, and what it borrows. Safe to use from several threads.</summary>
internal sealed record LoadedHead(HeadLayout Layout, PackedDecoder Packed, HeadParts Parts) : IDisposable
{
    /// <summary>Loads a head. Blocks for as long as that takes.</summary>
    /// <param name="options">What code says of it.</param>
    /// <param name="target">The target of the pipeline; or <see langword="null"/> where that is not known.</param>
    /// <param name="request">How to run it.</param>
    /// <param name="logger">Hears how it runs.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">The folder, the head or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was stopped.</exception>
    public static LoadedHead Open(HeadRequest options, HeadTarget? target, SessionRequest request, ILogger logger, CancellationToken cancellationToken)
    {
        HeadLayout layout = HeadConfiguration.Read(options, logger);
        HeadParts parts = HeadParts.Open(layout, HeadTarget.Choose(layout.TargetFolder, target), request, logger, cancellationToken);
        try
        {
            return new LoadedHead(layout, PackedDecoder.Open(layout.Folder, request, logger, cancellationToken), parts);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Packed.Dispose();
        Parts.Dispose();
    }
}
