using Minions.Core.Generation;

namespace Minions.Core.Pipeline;

/// <summary>A call to the pipeline that was checked but not yet begun.</summary>
internal sealed class GenerationCall(SpeculativePipeline pipeline, GenerationInput input, GenerationOptions options)
{
    public async Task<GenerationResult> RunAsync(TokenReader? reader, CancellationToken cancellationToken)
    {
        SpeculationEngine engine = await pipeline.LoadedAsync(cancellationToken).ConfigureAwait(false);
        await engine.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        int[] prompt = input.ToIds(engine.Components, options);
        GenerationOptions settled = ReferenceEncoding.Encode(options, engine.Components);
        return await engine.RunAsync(prompt, settled, reader, cancellationToken).ConfigureAwait(false);
    }
}
