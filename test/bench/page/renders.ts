/** How often each kind of component has rendered. */
export const renders = { subscriber: 0, private: 0, public: 0, unrelated: 0 }

export const countRender = (kind: keyof typeof renders): void => {
  renders[kind] += 1
}
