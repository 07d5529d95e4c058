using Microsoft.Extensions.Options;

namespace Minions.Core.Drafting.Ngram;

/// <summary>Checks what the options say of their own bounds; the body is generated.</summary>
[OptionsValidator]
internal sealed partial class NgramDraftOptionsValidator : IValidateOptions<NgramDraftOptions>;
