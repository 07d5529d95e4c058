using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>What a head borrows of its target.</summary>
internal sealed class HeadParts : IDisposable
{
    /// <summary>From ids to rows of the embedding, or null where the head has its own.</summary>
    public BorrowedPart? Embedding { get; private init; }

    /// <summary>From the head's state to logits, or null where the head has its own.</summary>
    public BorrowedPart? Matrix { get; private init; }

    /// <summary>Opens what the head has no copy of.</summary>
    /// <param name="layout">The head.</param>
    /// <param name="target">The target's files, or null where they are not known.</param>
    /// <param name="request">How the head is run; the parts are run alike, but on the CPU.</param>
    /// <param name="logger">Hears how they run.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">The target cannot lend it, or its folder is not known.</exception>
    public static HeadParts Open(HeadLayout layout, HeadTarget? target, SessionRequest request, ILogger logger, CancellationToken cancellationToken)
    {
        if (layout.EmbeddingInput is null && !layout.BorrowsHeadMatrix)
            return new HeadParts();
        if (target is null)
        {
            throw new ModelLoadException(
                $"The head '{layout.Folder.ModelFile}' borrows the target's {(layout.EmbeddingInput is null ? "head matrix" : "embedding")}, and nothing says where the target lies: set {nameof(HeadRequest.Target)} to its folder.",
                layout.Folder.Path);
        }

        NativeLibrary.Load();
        DecoderGraph graph = DecoderGraph.Read(ModelFolder.Read(target.Folder, target.ModelFile, logger));

        // Rows come from the host's memory and go there, and a row at a time is little work.
        request = request with { ModelFile = null, States = [], Device = SessionDevice.Cpu };
        var factory = new SessionFactory(logger);
        BorrowedPart? embedding = layout.EmbeddingInput is null ? null : BorrowedPart.Open(graph, graph.EmbeddingPart(), request, factory, cancellationToken);
        try
        {
            BorrowedPart? matrix = layout.BorrowsHeadMatrix ? BorrowedPart.Open(graph, graph.HeadPart(), request, factory, cancellationToken) : null;
            return new HeadParts { Embedding = embedding, Matrix = matrix };
        }
        catch
        {
            embedding?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Embedding?.Dispose();
        Matrix?.Dispose();
    }
}
