//! The architectures of the examples as they are written by hand, with Burn alone.

pub mod alexnet;
pub mod resnet18;
pub mod tagger;
pub mod unet;
pub mod vit;
