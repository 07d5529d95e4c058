using Microsoft.Extensions.Options;

namespace Minions.Core.GenAI.DependencyInjection;

/// <summary>Checks what the options say of their own bounds; the body is generated.</summary>
[OptionsValidator]
internal sealed partial class GenAIPipelineBounds : IValidateOptions<GenAIPipelineOptions>;
