using Microsoft.Extensions.Options;

namespace Minions.Core.DependencyInjection;

/// <summary>Checks what attributes on the options say; the body is generated.</summary>
[OptionsValidator]
internal sealed partial class MinionsOptionsAttributes : IValidateOptions<MinionsOptions>;
